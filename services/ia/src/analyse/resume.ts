import { echapper } from '../fusion/texte.ts';
import { titreSection, type LigneClinique } from '../voix/prompt.ts';

/**
 * The clinical summary that opens a conversation: without names and without triage, in the order of the fiche, with
 * French titles; it may be read by the patient. Holds no HTML.
 */
export function resumeClinique(lignes: readonly LigneClinique[]): string {
  const motif = lignes.find((l) => l.champ === 'motif_consultation');
  const blocs: string[] = motif ? [motif.valeur.trim()] : ['Fiche de consultation'];
  let section: string | undefined;
  for (const ligne of lignes) {
    if (ligne === motif) continue;
    if (ligne.section !== section) blocs.push(`\n${titreSection(ligne.section)}`);
    section = ligne.section;
    blocs.push(`${ligne.libelle} : ${ligne.valeur.trim()}`);
  }
  return echapper(blocs.join('\n'));
}
