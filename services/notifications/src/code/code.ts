import { greet } from '../delivery/texts.ts';

/** Ways to a person, in the order in which they are tried. */
export type CanalCode = 'whatsapp' | 'sms' | 'email';

/** A code in words. It is nothing that is kept: it lives until it was handed over. */
export type CodeTexte = {
  subject: string;
  body: string;
  /** For a template of the provider: 1 the code, 2 its minutes. */
  variables: Record<'1' | '2', string>;
};

/** The French text that carries a code: who, the code, how long it counts; nothing else. */
export function writeCode({ prenom, code, minutes }: { prenom: string; code: string; minutes: number }): CodeTexte {
  const duree = `${minutes} minute${minutes === 1 ? '' : 's'}`;
  return {
    subject: 'Votre code MediAI',
    body: `${greet(prenom)} votre code MediAI est ${code}. Il est valable ${duree} et ne sert qu'une fois. Ne le donnez à personne. Si vous n'avez rien demandé, ignorez ce message.`,
    variables: { 1: code, 2: String(minutes) },
  };
}

/** An address that no mail server can read as two, or as another's: one part, `@`, a host; no quotes, no comments (a subset of RFC 5322, section 3.4.1). */
export function isEmail(text: string | null): text is string {
  return text !== null && text.length <= 254 && /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*$/u.test(text);
}
