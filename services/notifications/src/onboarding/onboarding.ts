/** The way into a WhatsApp conversation with the suite. */
export type Invitation = {
  /** The suite's WhatsApp number, E.164. */
  numero: string;
  /** The first message that a person sends. */
  message: string;
  /** Link that opens the conversation with that message written (WhatsApp, "Click to chat"). */
  lien: string;
  /** How to join, for people. */
  instructions: string;
  /** The same as one SMS, in the letters of GSM 03.38. */
  sms: string;
};

const premierMessage = 'Bonjour';

/**
 * @param from the configured sender, `whatsapp:+…`
 * @param join words that join Twilio's sandbox, where that is used; without them any first message opens the conversation
 */
export function writeInvitation(from: string, join: string | undefined): Invitation {
  const numero = from.replace(/^whatsapp:/, '');
  const message = join ?? premierMessage;
  const lien = `https://wa.me/${numero.slice(1)}?text=${encodeURIComponent(message)}`;
  return {
    numero,
    message,
    lien,
    instructions: `Scannez le code ou ouvrez le lien, puis envoyez « ${message} » au ${numero} sur WhatsApp. Vos messages MediAI vous parviendront ensuite sur WhatsApp.`,
    sms: `Bonjour, pour recevoir vos messages MediAI sur WhatsApp, envoyez "${message}" au ${numero} : ${lien}`,
  };
}

/** At most so many invitations to one phone within a day, whoever asks. */
export const maxPerDay = 5;
export const dayMs = 24 * 3_600_000;
/** How long after a message of theirs people may be written to freely: the membership of Twilio's sandbox lasts 72 h. */
export const joinedForMs = 72 * 3_600_000;
