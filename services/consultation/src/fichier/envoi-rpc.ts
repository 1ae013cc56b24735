import { AppError } from '@mediai/kit/errors';
import type { FichierLu } from './lire-fichier.ts';
import type { Octets } from './ports.ts';

type MessageEnvoi<F> = { contenu: { case: 'entete'; value: { nom: string } } | { case: 'octets'; value: Uint8Array } | { case: 'formulaire'; value: F } | { case: undefined; value?: undefined } };

const incomplet = (): AppError => new AppError('invalid', 'fichier.envoi_incomplet', "L'envoi est incomplet : recommencez.");

/**
 * Messages of an upload -> the file as it comes, and the form that ends it. Without the form it was not whole.
 * @returns nom undefined where the form held no file; `formulaire` is known when the bytes are read
 */
export async function lireEnvoi<F>(messages: AsyncIterable<MessageEnvoi<F>>): Promise<{ nom: string | undefined; contenu: Octets; formulaire: () => F }> {
  const source = messages[Symbol.asyncIterator]();
  let formulaire: F | undefined;
  const premier = await source.next();
  if (premier.done) throw incomplet();
  const { contenu } = premier.value;
  if (contenu.case === 'formulaire') formulaire = contenu.value;
  else if (contenu.case !== 'entete') throw incomplet();
  return { nom: contenu.case === 'entete' ? contenu.value.nom : undefined, contenu: octets(), formulaire: lu };

  function lu(): F {
    if (formulaire === undefined) throw incomplet();
    return formulaire;
  }

  async function* octets(): AsyncGenerator<Uint8Array> {
    while (formulaire === undefined) {
      const { done, value } = await source.next();
      if (done || value.contenu.case === undefined || value.contenu.case === 'entete') throw incomplet();
      if (value.contenu.case === 'formulaire') formulaire = value.contenu.value;
      else yield value.contenu.value;
    }
  }
}

/** A file as the messages of its download: its header, then its bytes in pieces. */
export async function* versMessages({ fichier: { nom, typeMime, taille }, octets }: FichierLu) {
  yield { contenu: { case: 'entete' as const, value: { nom, typeMime, taille: BigInt(taille) } } };
  for await (const piece of octets) yield { contenu: { case: 'octets' as const, value: piece } };
}
