import { CHAMP_PAR_NOM, jourImprime, sectionsDocument, STATUTS, URGENCES, type Section } from '@mediai/fiche';
import { jourEtHeure } from '../fiche/jour.ts';
import type { ValeursLabResult } from '../lab/lab-result.ts';
import type { ValeursReference } from '../reference/reference.ts';
import type { Contenu } from './contenu.ts';
import type { DocumentImprime, LigneImprimee, ReferenceImprimee, ResultatImprime, SectionImprimee, TexteImprime } from './document.ts';

/** What surrounds the content: names, addresses, times of printing. */
export interface Cadre {
  readonly etablissement: string | null;
  readonly telephoneUrgence: string | null;
  /** IANA zone. */
  readonly fuseau: string;
  /** Name of who validated; null while nobody can tell it. */
  readonly medecin: string | null;
  readonly signature: Uint8Array | null;
  /** The fixed text: what to do now. */
  readonly orientation: string;
  readonly verification: string;
  readonly emisLe: Date;
}

/** The latest that a document holds; the rest is read in the dossier. */
const RESULTATS_MAX = 200;
const REFERENCES_MAX = 200;

const FORMES: Partial<Record<Section, SectionImprimee['forme']>> = { signes_vitaux: 'mesures', anamnese: 'suite', examen_par_region: 'suite', attentes: 'suite', hypotheses: 'suite' };
const SOURCES: Readonly<Record<string, string>> = { pubmed: 'PubMed', cinahl: 'CINAHL', has: 'HAS (Haute Autorité de Santé)', cochrane: 'Cochrane', other: '' };
const TEXTES = [['diagnostic', 'Diagnostic'], ['traitement', 'Traitement'], ['examen_complementaire', 'Examens complémentaires'], ['recommandations', 'Recommandations']] as const;

/** Said before what models wrote: a médecin reads it as a proposal, a patient once it is published. */
const MENTION_IA = {
  medecin: "Texte écrit par une IA à partir de la fiche. Ce n'est pas un avis médical : il aide à décider et ne décide pas.",
  patient: 'Texte écrit par une IA à partir de la fiche, publié par le médecin qui a validé la fiche. En cas de doute, ce que le médecin a écrit prévaut.',
} as const;

/** The document of a content, in French. */
export function composerDocument(contenu: Contenu, cadre: Cadre): DocumentImprime {
  const valide = contenu.status === 'valide_medecin';
  return {
    numero: contenu.numero,
    etablissement: cadre.etablissement ?? contenu.valeurs.nom_hopital ?? 'MediAI',
    telephoneUrgence: cadre.telephoneUrgence,
    bandeau: valide ? null : { titre: 'Document non validé', detail: detailNonValide(contenu) },
    orientation: !valide && contenu.vue === 'patient' ? cadre.orientation : null,
    reperes: reperes(contenu),
    urgence: contenu.vue === 'medecin' && contenu.urgence !== null ? { niveau: URGENCES[contenu.urgence], signes: contenu.signes } : null,
    sections: sections(contenu),
    textes: textes(contenu),
    resultats: contenu.resultats.slice(-RESULTATS_MAX).map(resultat),
    references: contenu.references.slice(-REFERENCES_MAX).map(reference),
    omis: { resultats: Math.max(0, contenu.resultats.length - RESULTATS_MAX), references: Math.max(0, contenu.references.length - REFERENCES_MAX) },
    validation: contenu.date_validation === null ? null : { medecin: cadre.medecin ?? 'nom indisponible au moment de l’impression', date: instantImprime(contenu.date_validation, cadre.fuseau), signee: contenu.signature !== null, signature: cadre.signature },
    ia: contenu.diagnostic_ia === null ? null : { titre: "Synthèse de l'IA", texte: sansEntites(contenu.diagnostic_ia), mention: MENTION_IA[contenu.vue] },
    verification: cadre.verification,
    emisLe: cadre.emisLe,
  };
}

function detailNonValide({ status, vue }: Contenu): string {
  if (status === 'rejete_medecin') return "Un médecin a renvoyé cette fiche : elle doit être corrigée ou complétée. Elle ne contient aucune décision médicale.";
  if (vue === 'patient') return "Aucun médecin n'a encore validé cette fiche : elle ne contient aucune décision médicale.";
  return "Aucun médecin n'a encore validé cette fiche : ne la remettez pas au patient comme un résultat.";
}

function reperes({ date_consultation, heure_debut, heure_fin, status }: Contenu): LigneImprimee[] {
  const debut = heure_debut === null ? '' : `, ${heure_fin === null ? 'à' : 'de'} ${heure_debut.slice(0, 5)}`;
  const fin = heure_debut === null || heure_fin === null ? '' : ` à ${heure_fin.slice(0, 5)}`;
  return [{ libelle: 'Consultation du', valeur: `${jourImprime(date_consultation)}${debut}${fin}` }, { libelle: 'État de la fiche', valeur: STATUTS[status] }];
}

function sections(contenu: Contenu): SectionImprimee[] {
  const motifs = new Map(contenu.valeurs_a_verifier.map(({ champ, motif }) => [champ, motif]));
  return sectionsDocument({ ...contenu.valeurs, nom_hopital: null, date_consultation: contenu.date_consultation }).map(({ section, titre, lignes }) => {
    const coches = lignes.filter(({ champ }) => estCase(champ)).map(({ libelle }) => libelle);
    const autres = lignes.filter(({ champ }) => !estCase(champ)).map(({ champ, libelle, valeur }) => ({ libelle, valeur, aVerifier: motifs.get(champ) }));
    return { titre, forme: FORMES[section] ?? 'grille', lignes: [...(coches.length > 0 ? [{ libelle: 'Oui', valeur: coches.join(' ; ') }] : []), ...autres] };
  });
}

/** Ticked boxes are told together. */
const estCase = (champ: string): boolean => CHAMP_PAR_NOM.get(champ)?.type === 'booleen';

/** Texts of models are kept escaped for pages (HTML); here they are read as they were written. */
const ENTITES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
const sansEntites = (texte: string): string => texte.replace(/&(?:lt|gt|amp);/g, (entite) => ENTITES[entite] ?? entite);

function textes(contenu: Contenu): TexteImprime[] {
  const ecrits = TEXTES.flatMap(([nom, titre]) => (contenu[nom] === null ? [] : [{ titre, texte: contenu[nom] }]));
  const rejet = contenu.commentaire_rejet === null ? [] : [{ titre: 'Ce que le médecin demande', texte: contenu.commentaire_rejet }];
  return [...rejet, ...ecrits];
}

const resultat = (un: ValeursLabResult): ResultatImprime => ({
  date: jourImprime(un.date_prelevement),
  analyse: un.type_analyse,
  valeur: ensemble(' ', un.valeur, un.unite),
  normales: un.valeurs_normales ?? '',
  detail: ensemble('\n', un.laboratoire, un.commentaire),
});

const reference = ({ title, url, source, authors, year, journal }: ValeursReference): ReferenceImprimee => ({
  titre: title,
  detail: ensemble('. ', authors, ensemble(', ', journal, year === null ? null : String(year)), SOURCES[source] ?? source),
  url,
});

const ensemble = (entre: string, ...mots: readonly (string | null)[]): string => mots.filter((mot) => mot !== null && mot !== '').join(entre);

function instantImprime(instant: Date, fuseau: string): string {
  const { jour, heure } = jourEtHeure(instant, fuseau);
  return `${jourImprime(jour)} à ${heure.slice(0, 5)}`;
}
