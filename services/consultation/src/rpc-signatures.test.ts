import { describe, expect, it } from '@jest/globals';
import { enPieces, PNG } from './fichier/fichiers.memory.ts';
import { J, useService } from './rpc.memory.ts';

const rig = useService();

async function* envoi(formulaire: object): AsyncGenerator<object> {
  yield { contenu: { case: 'entete', value: { nom: 's.png' } } };
  for await (const piece of enPieces(PNG, 20)) yield { contenu: { case: 'octets', value: piece } };
  yield { contenu: { case: 'formulaire', value: formulaire } };
}
const signer = (formulaire: object, token = J.medecin) => rig.suite.signatures.signFiche(envoi(formulaire) as Parameters<typeof rig.suite.signatures.signFiche>[0], { token });
const jetonDe = (adresse: string | undefined): string => /\/signatures\/([\w-]+)\//.exec(adresse ?? '')?.[1] ?? '';
const lire = async (jeton: string, options = {}): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const { contenu } of await rig.suite.signatures.downloadSignature({ jeton }, options)) if (contenu.case === 'octets') pieces.push(contenu.value);
  return Buffer.concat(pieces);
};
const etats = async (): Promise<string[]> => (await rig.sql<{ etat: string }>('SELECT etat FROM fichier ORDER BY created_at')).map(({ etat }) => etat);

describe('a signature', () => {
  it('is kept with the fiche in one transaction, seen without a token, replaced and taken away', async () => {
    const { id } = await rig.creer();
    const { fiche } = await signer({ id, textes: { diagnostic: 'Paludisme' }, versionAttendue: 1 });
    expect(fiche).toMatchObject({ diagnostic: 'Paludisme', version: 2 });
    const jeton = jetonDe(fiche?.signatureMedecin);
    expect((await lire(jeton)).equals(PNG)).toBe(true);
    expect((await lire(jeton, { token: 'faux' })).equals(PNG)).toBe(true);
    await signer({ id });
    expect(await etats()).toEqual(['a_supprimer', 'garde']);
    await expect(lire(jeton)).rejects.toMatchObject({ kind: 'not_found' });
    expect(await rig.suite.deps.sweepFichiers()).toBe(1);
    const { fiche: sans } = await rig.suite.client.updateFiche({ id, retirerSignature: true }, { token: J.medecin });
    expect([sans?.signatureMedecin, await etats()]).toEqual([undefined, ['a_supprimer']]);
  });

  it('of a fiche that changed meanwhile leaves nothing', async () => {
    const { id } = await rig.creer();
    const avant = await etats();
    await expect(signer({ id, versionAttendue: 9 })).rejects.toMatchObject({ code: 'fiche.version_perimee' });
    await expect(signer({ id }, J.patiente)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await etats()).toEqual(avant);
  });

  it('any other address is not found', async () => {
    for (const jeton of ['', 'abc', '../../etc/passwd', 'A'.repeat(59)]) await expect(lire(jeton)).rejects.toMatchObject({ kind: 'not_found' });
  });
});
