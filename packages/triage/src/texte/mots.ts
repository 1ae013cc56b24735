/** The small words that decide how a finding is read: negation, whose, when, if. Folded (no accent, lower case). */
const mots = (liste: string): ReadonlySet<string> => new Set(liste.trim().split(/\s+/));

/** SMS French and missing apostrophes, written out before anything else is read. */
export const ABREVIATIONS: Record<string, string[]> = {
  pa: ['pas'], bcp: ['beaucoup'], bcq: ['beaucoup'], bocou: ['beaucoup'], boku: ['beaucoup'], g: ['j', 'ai'], jai: ['j', 'ai'],
  jarive: ['j', 'arrive'], jarrive: ['j', 'arrive'], narrive: ['n', 'arrive'], narive: ['n', 'arrive'], arive: ['arrive'], arriv: ['arrive'],
  cest: ['c', 'est'], nest: ['n', 'est'], nai: ['n', 'ai'], yapas: ['y', 'a', 'pas'], ds: ['dans'], pr: ['pour'],
  tt: ['tout'], tte: ['toute'], qd: ['quand'], ki: ['qui'], ke: ['que'], kil: ['qu', 'il'], kel: ['qu', 'elle'], dlr: ['douleur'], dlrs: ['douleurs'],
  enf: ['enfant'], bb: ['bebe'], tjr: ['toujours'], tjrs: ['toujours'], auj: ['aujourd', 'hui'], ajd: ['aujourd', 'hui'], aujourdhui: ['aujourd', 'hui'],
  atcds: ['atcd'], tjours: ['toujours'], respir: ['respire'], dpuis: ['depuis'], dps: ['depuis'], ss: ['sans'], vs: ['vous'],
  mtn: ['maintenant'], mnt: ['maintenant'], gro: ['gros'], jsuis: ['je', 'suis'], chui: ['je', 'suis'], chuis: ['je', 'suis'],
  lenfant: ['l', 'enfant'], jetouffe: ['j', 'etouffe'], daccouchement: ['d', 'accouchement'],
};
export const NOMBRES_EN_LETTRES: Record<string, number> = {
  un: 1, une: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, sept: 7, huit: 8, neuf: 9, dix: 10, onze: 11, douze: 12, quinze: 15, vingt: 20, trente: 30, quarante: 40,
};

/** Words that start a new statement whatever their place: the text is cut before them. */
export const ADVERSATIFS = mots('mais cependant toutefois pourtant sauf hormis excepte puis ensuite lakini kasi neanmoins');
export const NEGATIONS = mots('pas sans aucun aucune aucuns ni non jamais point absence nie nient deni exclut exclu zero neg negatif negative plus hakuna hana sina bila sio hapana no');
/** After "pas" or "sans" these make no negation of a sign: "pas seulement", "sans arrêt", "pas d'amélioration". */
export const FAUSSES_NEGATIONS = mots('seulement que mal mieux bien doute ameliore amelioree ameliores ameliorees amelioration changement repit moyen arret cesse raison cause traitement effet succes treve normal normale soulagement soulage uniquement');
/** "n'arrête pas de convulser": the verb before "pas" keeps the sign alive. */
export const VERBES_DE_DUREE = mots('arrete arretent cesse cessent cede cedent passe passent diminue diminuent calme calment finit arretait');
/** Words that may stand between a negation and what it negates. */
export const TRANSPARENTS = mots(`de d des du la le les l un une eu fait faits presente presentes vu note notes constate signale signales rapporte observe remarque ete en notion signe signes
  episode episodes crise crises autre autres fait ai a as ont avait avais y toute tous toutes est sont suis etait etais tout encore nouveau nouvelle present presents eue facon`);
/** "pas beaucoup de sang": some blood. */
export const DEGRES = mots('beaucoup trop vraiment assez tellement presque tres');
export const AUXILIAIRES = mots('est es suis sont etait etais ai a as ont avait avais avons semble parait fait font y presente signale eu ete ya');
/** A cause or a time ends the reach of an earlier negation: "pas dormi à cause de la douleur". */
export const CAUSES = mots('cause car parce depuis apres suite raison pour tant lors pendant quand lorsque que qu puisque comme malgre tellement');
export const SUJETS = mots('il elle ils elles je j on nous ca cela c moi patient patiente malade');
/** A finite verb after "et" or a comma begins a new statement. */
export const VERBES_CONJUGUES = mots('convulse convulsent convulsait saigne saignait saignent vomit vomis vomissait crache crachait etouffe etouffait suffoque respire delire tremble tousse perd perds anatoka anatapika anakohoa');
export const SEPARATEURS = mots(', ( ) - / et + avec');
/** In the finding's own part of the sentence these say that it is there: "pas de toux, convulsions depuis hier". */
export const AFFIRMATIONS = mots('depuis hier matin soir nuit aujourd actuellement maintenant oui present presente presents presentes des apparu apparue apparues apparition survenu survenue survenues moment');
export const APRES_NEGATION = mots('absent absente absents absentes negatif negative negatifs negatives neg nul nulle nuls nulles inexistant inexistante aucun aucune non jamais hapana hakuna ras neant');
export const RESOLUS = mots('cesse cede cedee resolu resolue resolus resolues disparu disparue disparues arrete arretee arretes termine terminee regresse regressee calmee calme passee gueri guerie');
export const MAINTENANT = mots('aujourd actuellement maintenant hier depuis encore nouveau actuelle actuel recidive recidivant nuit matin sasa lelo');
export const PASSE = mots('enfance autrefois jadis antecedent antecedents atcd ancien ancienne anciens anciennes anciennement zamani kala jeunesse adolescence');

export const POSSESSIFS_DU_REDACTEUR = mots('mon ma mes notre nos');
export const POSSESSIFS = mots('son sa ses leur leurs');
export const ARTICLES = mots('le la l les un une du des d de au');
/** Adults who are not the patient, unless the fiche says that a relative writes. */
export const PROCHES = mots('mere pere maman papa soeur soeurs frere freres tante oncle cousin cousine mari epoux epouse voisin voisine ami amie copain copine conjoint conjointe neveu niece collegue grand grandmere grandpere parents parent beau belle jumeau jumelle mama baba dada kaka ndugu tata ndeko');
export const PROCHES_AVEC_POSSESSIF = mots('femme mama baba tata fille fils');
export const ENFANTS = mots('fils fille filles enfant enfants bebe bebes nourrisson petit petite gosse garcon mtoto mwana');
export const FAMILLE = mots('famille familial familiale familiaux familiales');
/** The relative only tells: "sa mère rapporte des convulsions", "amené par sa mère". */
export const VERBES_DE_RECIT = mots('dit disent rapporte rapportent signale signalent raconte declare affirme pense trouve constate decrit explique note remarque amene amenent conduit inquiete consulte vu');
export const INTRODUCTIONS = mots('par selon apres avec chez');

/** "si" before these is "so", not "if". */
export const SI_INTENSIF = mots('mal fort forte forts fortes intense intenses faible fatigue fatiguee grave graves violent violente violents violentes abondant abondante bien vite peu souvent longtemps rapidement severe');
export const HYPOTHESES = mots('eviter prevenir prevention depister depistage surveiller surveillance eventuel eventuelle eventuelles eventuels risque crains craint crainte redoute pourrait');
