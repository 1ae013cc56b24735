import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@mediai/kit/errors';
import { documentComplet } from '../document.memory.ts';
import type { DocumentImprime } from '../document.ts';
import { createAtelier, type Atelier, type IssueDessin, type OptionsAtelier } from './atelier.ts';

const script = new URL('./ouvriers.memory.ts', import.meta.url);
const nomme = (numero: string): DocumentImprime => ({ ...documentComplet, numero });
const texte = (octets: Uint8Array): string => new TextDecoder().decode(octets);
const refus = (erreur: unknown): string => (erreur instanceof AppError ? `${erreur.kind} ${erreur.code} ${erreur.retryAfterSeconds ?? '-'}` : String(erreur));

let atelier: Atelier;
let issues: IssueDessin[];
function ouvrir(options: Partial<OptionsAtelier> = {}): Atelier {
  issues = [];
  atelier = createAtelier({ ouvriers: 1, attente: 2, delaiMs: 20_000, script, compter: (issue) => void issues.push(issue), ...options });
  return atelier;
}
afterEach(() => atelier.close());

describe('the workshop', () => {
  it('draws with its own worker, away from this thread', async () => {
    atelier = createAtelier({ ouvriers: 1, attente: 1, delaiMs: 30_000 });
    const octets = await atelier.dessiner(documentComplet);
    expect(texte(octets.subarray(0, 8))).toBe('%PDF-1.7');
    expect(await atelier.dessiner(documentComplet)).toEqual(octets);
  });

  it('refuses at once, to be asked again, what finds neither a worker nor a place in the queue', async () => {
    const { dessiner } = ouvrir();
    const premiers = [dessiner(nomme('attendre')), dessiner(nomme('b')), dessiner(nomme('c'))].map((un) => un.catch(refus));
    expect(await dessiner(nomme('d')).catch(refus)).toBe('unavailable document.occupe 5');
    await atelier.close();
    expect(await Promise.all(premiers)).toEqual(Array.from({ length: 3 }, () => 'unavailable document.interrompu 5'));
  });

  it('ends a worker that takes too long, and the next document finds another', async () => {
    const { dessiner } = ouvrir({ delaiMs: 1_500 });
    const suivant = [dessiner(nomme('sans fin')).catch(refus), dessiner(nomme('apres')).then(texte)];
    expect(await Promise.all(suivant)).toEqual(['unavailable document.delai_depasse 5', 'apres']);
    expect(issues).toEqual(['delai', 'dessine']);
  });

  it('lets nobody wait for longer than a drawing may take', async () => {
    const { dessiner } = ouvrir({ ouvriers: 0, delaiMs: 50 });
    expect(await dessiner(nomme('a')).catch(refus)).toBe('unavailable document.occupe 5');
    expect(issues).toEqual(['occupe']);
  });

  it.each(['chute', 'erreur'])('survives a worker that falls (%s)', async (mot) => {
    const { dessiner } = ouvrir();
    expect(await dessiner(nomme(mot)).catch(refus)).toBe('unavailable document.interrompu 5');
    expect(texte(await dessiner(nomme('apres')))).toBe('apres');
  });

  it('tells a document that cannot be drawn as a fault of ours, without its words', async () => {
    const { dessiner } = ouvrir();
    const erreur = (await dessiner(nomme('impossible')).catch((thrown: unknown) => thrown)) as AppError;
    expect([erreur.kind, String((erreur.cause as Error).message)]).toEqual(['internal', 'a document could not be drawn: TypeError']);
    expect(texte(await dessiner(nomme('apres')))).toBe('apres');
  });

  it('draws nothing for who has gone: neither what waits nor what is being drawn', async () => {
    const { dessiner } = ouvrir();
    const parti = new AbortController();
    const abandonnes = [dessiner(nomme('attendre'), parti.signal), dessiner(nomme('b'), parti.signal)].map((un) => un.catch(refus));
    const suivant = dessiner(nomme('apres'));
    parti.abort();
    expect(await Promise.all(abandonnes)).toEqual(Array.from({ length: 2 }, () => 'unavailable document.interrompu 5'));
    expect(texte(await suivant)).toBe('apres');
    expect(issues.toSorted()).toEqual(['abandon', 'abandon', 'dessine']);
  });

  it('draws nothing once closed', async () => {
    const { dessiner, close } = ouvrir();
    await close();
    expect(await dessiner(nomme('x')).catch(refus)).toBe('unavailable document.interrompu 5');
  });
});
