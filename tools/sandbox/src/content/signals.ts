import { plier, separerNegations, type Dossier } from './fiche-reader.ts';

/** A field that speaks for or against a sign. */
export interface Preuve {
  readonly champ: string;
  readonly texte: string;
}

/** Where a sign was affirmed and where it was denied. */
export interface Constat {
  readonly pour: readonly Preuve[];
  readonly contre: readonly Preuve[];
}

interface Signe {
  readonly libelle: string;
  readonly motif: RegExp;
  /** Fields that are ticked when the sign is there. */
  readonly coches?: readonly string[];
  /** A measured field and the values that make the sign. */
  readonly mesure?: { readonly champ: string; readonly anormal: (nombres: readonly number[]) => boolean };
}

const superieur = (seuil: number) => ([n = 0]: readonly number[]): boolean => n >= seuil;
const inferieur = (seuil: number) => ([n]: readonly number[]): boolean => n !== undefined && n < seuil;

/** The signs that the simulation knows; thresholds are the usual adult ones (NEWS2, ESC/ESH 2018) and only colour a simulation. */
const SIGNES: Record<string, Signe> = {
  fievre: { libelle: 'fièvre', motif: /fievre|\bfebrile|hyperthermi|frisson/u, coches: ['febrile'], mesure: { champ: 'temperature', anormal: superieur(37.8) } },
  toux: { libelle: 'toux', motif: /\btoux|\btouss/u },
  expectoration: { libelle: 'expectorations', motif: /expectorat|crachat/u },
  hemoptysie: { libelle: 'hémoptysie', motif: /hemoptysie|crachats? (?:de sang|sangl|hemopto)/u },
  dyspnee: { libelle: 'dyspnée', motif: /dyspne|essouffl|detresse respiratoire|difficultes? (?:a |de )?respir/u, mesure: { champ: 'frequence_respiratoire', anormal: superieur(25) } },
  desaturation: { libelle: 'désaturation', motif: /desaturation|cyanose/u, mesure: { champ: 'spo2', anormal: inferieur(92) } },
  crepitants: { libelle: 'râles crépitants', motif: /crepitant|\brales?\b|condensation|matite/u },
  sibilants: { libelle: 'sibilants', motif: /sibilan|asthm/u },
  rhinopharynx: { libelle: 'signes rhinopharyngés', motif: /rhinorrh|nez qui coule|mal de gorge|odynophagi|angine/u },
  douleur_thoracique: { libelle: 'douleur thoracique', motif: /douleurs? (?:thoracique|a la poitrine|retrosternale|precordiale)|oppression thoracique|serrement/u },
  palpitations: { libelle: 'palpitations', motif: /palpitation/u, coches: ['palpitations'], mesure: { champ: 'pouls', anormal: superieur(120) } },
  cephalees: { libelle: 'céphalées', motif: /cephalee|m(?:al|aux) (?:de|a la) tete/u, coches: ['cephalees'] },
  vertiges: { libelle: 'vertiges', motif: /vertige|etourdissement/u, coches: ['vertiges'] },
  troubles_visuels: { libelle: 'troubles visuels', motif: /troubles? visuel|flou visuel|phosphene|vision trouble/u, coches: ['troubles_visuels'] },
  raideur_nuque: { libelle: 'raideur de la nuque', motif: /raideur (?:de la )?nuque|nuque raide|meninge|kernig|brudzinski|photophobie/u },
  convulsions: { libelle: 'convulsions', motif: /convulsi|crise (?:epileptique|comitiale)/u },
  conscience: { libelle: 'trouble de la conscience', motif: /\bcoma|inconscien|somnolen|obnubil|confus|perte de connaissance|lethargi/u },
  deficit: { libelle: 'déficit neurologique', motif: /hemiplegi|hemipares|paralys|deficit (?:moteur|neurologique)|aphasi|bouche devie/u },
  epilepsie: { libelle: 'épilepsie connue', motif: /epilep/u, coches: ['epileptique'] },
  diarrhee: { libelle: 'diarrhée', motif: /diarrhee|selles? (?:tres )?liquide/u },
  riziformes: { libelle: 'selles eau de riz', motif: /eau de riz|riziforme|choler/u },
  vomissements: { libelle: 'vomissements', motif: /vomi|nausee/u },
  deshydratation: { libelle: 'déshydratation', motif: /deshydrat|pli cutane|yeux enfonces/u },
  douleur_abdominale: { libelle: 'douleurs abdominales', motif: /douleurs? (?:abdomin|au ventre|hypogastr)|mal au ventre/u },
  epigastralgies: { libelle: 'épigastralgies', motif: /epigastr|brulures? d'estomac|pyrosis|gastrit/u, coches: ['gastritique'] },
  signes_urinaires: { libelle: 'signes urinaires', motif: /brulures? (?:mictionnelle|en urinant|urinaire)|dysuri|pollakiuri|mictions? (?:douloureuse|frequente)/u },
  douleur_lombaire: { libelle: 'douleur lombaire', motif: /lombalgi|douleurs? lombaire|mal au dos/u },
  polyurie: { libelle: 'syndrome polyuro-polydipsique', motif: /polyuri|polydips|soif (?:intense|excessive)/u, coches: ['nycturie'] },
  diabete: { libelle: 'diabète connu', motif: /diabet|hyperglycemi/u, coches: ['diabetique'] },
  hypertension: { libelle: 'pression artérielle élevée', motif: /\bhta\b|hypertendu|hypertension/u, coches: ['hypertendu'], mesure: { champ: 'tension_arterielle', anormal: ([s = 0, d = 0]) => s >= 140 || d >= 90 } },
  hta_severe: { libelle: 'pression artérielle sévère', motif: /urgence hypertensive|hta severe/u, mesure: { champ: 'tension_arterielle', anormal: ([s = 0, d = 0]) => s >= 180 || d >= 110 } },
  hypotension: { libelle: 'hypotension', motif: /hypotension|etat de choc|collapsus/u, mesure: { champ: 'tension_arterielle', anormal: inferieur(90) } },
  grossesse: { libelle: 'grossesse', motif: /enceinte|grossesse|gravid/u },
  oedemes: { libelle: 'œdèmes', motif: /oedeme|œdeme/u },
  ictere: { libelle: 'ictère', motif: /icter|jaunisse|jaunatre/u },
  paleur: { libelle: 'pâleur', motif: /\bpale|anemi/u },
  saignement: { libelle: 'saignement', motif: /saign|hemorrag|metrorrag/u },
  douleurs_diffuses: { libelle: 'douleurs articulaires ou musculaires', motif: /douleurs? (?:articulaire|osseuse|musculaire)|arthralgi|courbature|myalgi/u },
  drepanocytose: { libelle: 'drépanocytose', motif: /drepanocyt/u },
  amaigrissement: { libelle: 'amaigrissement', motif: /amaigri|perte de poids|sueurs nocturnes/u },
  fatigue: { libelle: 'asthénie', motif: /astheni|fatigue/u },
  exposition_palustre: { libelle: 'exposition palustre', motif: /paludisme|malaria|palustre|moustique|goutte epaisse|\btdr\b/u },
  humeur: { libelle: "troubles de l'humeur", motif: /tristesse|idees? (?:noire|suicid)|insomni|deprim/u, coches: ['trouble_comportement'] },
  suicide: { libelle: 'idées suicidaires', motif: /suicid/u },
};

export type Constats = ReadonlyMap<string, Constat>;

const VRAI = /^(?:oui|true|vrai|1|x)\b/u;
const FAUX = /^(?:non|false|faux|0)\b/u;

/**
 * Find every known sign in a dossier, with the fields that affirm or deny it.
 * Without any field the whole text is read and the evidence names no field.
 */
export function findSigns(dossier: Dossier): Constats {
  const constats = new Map<string, Constat>();
  const lignes = dossier.lignes.length > 0 ? dossier.lignes : [{ champ: '', valeur: dossier.texte }];
  const lues = lignes.map((l) => ({ ...l, ...separerNegations(l.valeur), plie: plier(l.valeur).trim() }));
  for (const [cle, signe] of Object.entries(SIGNES)) {
    const pour: Preuve[] = [];
    const contre: Preuve[] = [];
    for (const ligne of lues) {
      const verdict = juger(signe, ligne);
      if (verdict === undefined) continue;
      (verdict ? pour : contre).push({ champ: ligne.champ, texte: `${signe.libelle} : ${couper(ligne.valeur)}` });
    }
    if (pour.length > 0 || contre.length > 0) constats.set(cle, { pour, contre });
  }
  return constats;
}

function juger(signe: Signe, ligne: { champ: string; plie: string; affirme: string; nie: string }): boolean | undefined {
  if (signe.coches?.includes(ligne.champ)) {
    if (VRAI.test(ligne.plie)) return true;
    if (FAUX.test(ligne.plie)) return false;
  }
  if (signe.mesure?.champ === ligne.champ) {
    const nombres = (ligne.plie.match(/\d+(?:[.,]\d+)?/gu) ?? []).map((n) => Number(n.replace(',', '.')));
    return nombres.length > 0 ? signe.mesure.anormal(nombres) : undefined;
  }
  if (signe.motif.test(ligne.affirme)) return true;
  return signe.motif.test(ligne.nie) ? false : undefined;
}

const couper = (texte: string): string => (texte.length > 140 ? `${texte.slice(0, 139)}…` : texte);
