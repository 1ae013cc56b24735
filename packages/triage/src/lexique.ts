import { compiler, indexer } from './texte/motifs.ts';

/**
 * The words of patients and clinicians, by finding: French, SMS French, misspellings, Swahili and Lingala of the DRC.
 * Owned by a clinician. Syntax of a pattern: see texte/motifs.ts (`a|b`, `mot?`, `conv*`, `#` a number, `~` up to four words);
 * no accents, no capitals, no apostrophes. Words of six letters or more also match by sound (`=mot` does not), so only other misspellings are listed.
 * `exemple` is a noun phrase that reads after "Il présente" and "Pas de". `douteux`: words that may mean it (asks instead of firing).
 */
type Entree = { exemple: string; phrases: string[]; douteux?: string[]; couvre?: string[]; resolu?: 'dangereux' };

export const LEXIQUE = {
  // Expressions that only look like a finding: they hide it.
  leurre: {
    exemple: 'apnée du sommeil', phrases: [],
    couvre: ['apnee|apnees du sommeil', 'test|tests de? grossesse', 'desir|projet|envie de grossesse', 'peur de tomber enceinte', 'tomber enceinte', 'anti convulsif|convulsivant|convulsion*', 'arret de travail',
      'moto taxi', '=grossesses', 'repond|repondu|reagit pas|plus aux? traitement|antibiotique|antibiotiques|medicament|medicaments|quinine', 'repond|reagit pas|plus au traitement', 'regles normales|regulieres', 'lochies normales', 'sang sur papier', 'prise|prelevement|analyse|groupe|test|examen|don de? sang', 'sang froid',
      'ceinture de grossesse', 'transfusion de? sang', 'manque|manquer de? sang'],
  },
  convulsions: {
    exemple: 'convulsions', resolu: 'dangereux',
    phrases: ['convulsion|convulsions|convultion|convultions|convlusion|convlusions|convulcions|convilsion|convilsions|konvulsion|konvilsion', 'convulse|convulsent|convulser|convulsait|convulsant', 'convulsif|convulsive|convulsives',
      'crise|crises convulsive|convulsives|d? epilepsie|epileptique|epileptiques|comitiale|comitiales|tonico', 'crise|crises d epilepsie', 'etat de? mal epileptique|convulsif', 'mouvements tonico|cloniques|anormaux', 'tonico clonique|cloniques', 'secousses ~ corps|membres', 'secoue ~ tout le corps',
      'yeux revulses|plafonnent', 'revulsion des? yeux|oculaire', 'degedege', 'dege dege', 'kifafa kimemshika', 'anatetemeka mwili', 'maladi|maladie|bokono ya ndeke'],
    douteux: ['ndeke', 'tremble|tremblait de partout', 'corps raide'],
  },
  epilepsie: { exemple: 'épilepsie', phrases: ['epilepsie|epilepsies|epileptique|epileptiques|comitialite', 'kifafa'] },
  recupere: { exemple: 'bonne récupération', phrases: ['recupere|recuperee|recuperation', 'revenu|revenue|revient a lui|elle|moi', 'repris|reprend conscience|connaissance', 'repris|reprend ses esprits', 'bien maintenant', 'va bien', 'bonne conscience', 'conscient|consciente', 'crise ~ terminee|finie|cedee|arretee', 'ne convulse plus'] },
  crise_isolee: { exemple: 'crise isolée', phrases: ['isolee|unique|habituelle|habituelles', 'comme d habitude'] },
  crise_repetee: { exemple: 'crises répétées', phrases: ['repete|repetees|repetitives|subintrantes|rapprochees', 'plusieurs fois|crises|convulsions', 'deux|2|trois|3|4|5|6|quatre|cinq fois|crises|convulsions|episodes', 'encore|toujours ~ convulse|convulsions', 'sans arret', 'n arrete pas', 'premiere fois|crise'] },
  conscience: {
    exemple: 'léthargie', resolu: 'dangereux',
    phrases: ['inconscient|inconsciente|inconscients|inconsience|inconscience', 'coma|comateux|comateuse|comas', 'confus|confuse|confusion|confusionnel', 'desoriente|desorientee|desorientation', 'letargique|lethargique|lethargie|letargie', 'somnolent|somnolente|somnolence|sonnolent|sonnolence|obnubile|obnubilee|obnubilation|stupeur|stuporeux',
      'repond|reagit|reponds pas|plus', 'reveille pas|plus', 'arrive|arrivons|peut pas|plus ~ reveiller', 'difficile a reveiller', 'impossible a|de reveiller', 'dort tout le temps', 'reconnait|reconnais pas|plus', 'propos incoherents|confus', 'parle n importe comment', 'dit n importe quoi', 'delire|delirant|delirante', 'divague', 'alteration|trouble|troubles de? la? conscience|vigilance', 'conscience alteree|trouble',
      'perte de conscience persistante', 'sans connaissance', 'bebe|enfant|nourrisson tout? mou|amorphe|hypotonique', 'hypotonie|hypotonique|amorphe', 'hana fahamu|ufahamu', 'amepoteza fahamu', 'hajitambui|haelewi', 'anachanganyikiwa', 'haamki', 'abungisi mayele|makanisi', 'ayebi lisusu moto te', 'azali kolamuka te', 'azo lamuka te'],
    douteux: ['bizarre|etrange ~ comportement', 'comportement bizarre|etrange', 'dort beaucoup', 'parle mal'],
  },
  nuque_raide: { exemple: 'raideur de nuque', resolu: 'dangereux', phrases: ['raideur|raideurs de? la? nuque|meninge|meningee|nuchale', 'nuque|cou raide|raides|dure|dur|bloquee|rigide', 'syndrome meninge', 'kernig|brudzinski', 'peut|arrive pas|plus a? plier|flechir la|le nuque|cou|tete', 'shingo ngumu|imekaza|inakaza', 'kingo makasi', 'opisthotonos'] },
  fontanelle: { exemple: 'fontanelle bombante', resolu: 'dangereux', phrases: ['fontanelle ~ bombante|bombee|bombe|tendue|gonflee', 'bombement de la fontanelle'] },
  photophobie: { exemple: 'photophobie', phrases: ['photophobie', 'lumiere ~ gene|mal|supporte|insupportable', 'supporte pas la lumiere', 'gene ~ lumiere', 'photo phobie'] },
  cephalee: { exemple: 'céphalées', phrases: ['cephalee|cephalees|cephale|cefale|sefalee', 'mal|maux|douleur|douleurs ~ tete|crane|tet|tetes', 'mo de tete', 'tete ~ fait ~ mal', 'tete tape|cogne', 'migraine|migraines', 'kichwa ~ inauma|kinauma|kinaniuma|kinamuuma|inaniuma', 'maumivu ya kichwa', 'moto ~ mpasi', 'mpasi ya moto'] },
  fievre: { exemple: 'fièvre', phrases: ['fievre|fievres|fivre|fievr|fiev|fieve|febrile|febriles|febricule|hyperthermie|pyrexie', 'corps|front|peau chaud|chaude|brulant|brulante', 'temperature elevee|haute', 'homa', 'mwili ~ moto', 'nzoto ~ moto', 'fievre|fiyevre|fyevre', 'frissons|frisson'] },
  froid: { exemple: 'hypothermie', phrases: ['hypothermie|hypotherme', 'corps|bebe|peau froid|froide|glace|glacee', 'mwili baridi', 'nzoto malili'] },
  stridor: { exemple: 'stridor', resolu: 'dangereux', phrases: ['stridor|cornage', 'bruit ~ inspiration|inspire', 'siffle ~ en inspirant|inspiration'] },
  detresse: {
    exemple: 'détresse respiratoire', resolu: 'dangereux',
    phrases: ['detresse|insuffisance respiratoire|respi', 'tirage|tirages', 'battement|battements ~ ailes? du? nez', 'ailes du nez ~ battent|bougent', 'geignement|geignements|geint|grunting', 'balancement thoraco', 'creuse|creuses ~ poitrine|thorax|cotes', 'cotes ~ rentrent|creusent',
      'arrive|arrivons|peut|peux|peu pas|plus a? respirer|respire', 'arrive|peut|peux pas|plus a? bien respirer', 'impossible|incapable de respirer', 'respire presque plus', 'etouffe|etouffement|etouffer|etouffait|sufoque|suffoque|suffocation|suffoquer|asphyxie|asphyxi', 'arrive|peut|peux pas|plus a? parler', 'arrive|peut|peux pas|plus a? finir|terminer ~ phrase|phrases', 'finit|finir pas|plus ses|une|les phrases?', 'manque d? air', 'cherche ~ air', 'essouffle|essoufflee|essoufflement|dyspnee|dispnee ~ repos|severe|majeure|intense',
      'polypnee ~ severe|tirage', 'dyspnee|dispnee|gene|difficulte|difficultes|detresse ~ severe|severes|importante|importantes|majeure|majeures|extreme', 'orthopnee', 'hawezi|siwezi kupumua', 'anashindwa|nashindwa kupumua', 'akoki|nakoki|alongi|nalongi kopema lisusu? te', 'azali|nazali kopema te', 'kopema ~ mpasi makasi'],
  },
  dyspnee: {
    exemple: 'dyspnée', resolu: 'dangereux',
    phrases: ['dyspnee|dispnee|dyspne|dispne|dysnee|dyspnees', 'difficulte|difficultes|mal|peine|gene ~ a? respirer|respirer|respiration|respire|respirr', 'gene respiratoire', 'respire|respiration mal|difficile|rapide|vite|penible|courte', 'respire ~ vite|mal|difficilement', 'essouffle|essoufflee|essoufflement|essoufflements|essouflement|essoufle', 'souffle court|coupe', 'oppression respiratoire', 'polypnee|tachypnee|polypneique|tachypneique|dyspneique|dispneique', 'kupumua ~ shida|haraka|vibaya|ngumu', 'anapumua|napumua ~ shida|haraka|vibaya', 'kopema ~ mpasi|mbango|pasi'],
    couvre: ['dyspnee|dispnee|essoufflement|essouffle|essoufflee ~ moindre effort|efforts', 'respire|respirer|respires pas tres? bien|normalement|facilement|correctement', 'respire plus vite|rapidement|difficilement|mal|fort'],
  },
  dyspnee_effort: { exemple: "dyspnée d'effort", phrases: [], couvre: ['dyspnee|dispnee|essoufflement|essouffle|essoufflee ~ effort|efforts|escalier|escaliers|montee|marche|courir|cours'] },
  cyanose: { exemple: 'cyanose', resolu: 'dangereux', phrases: ['cyanose|cianose|cyanosee|cyanosees|cyanotique|cyannose', 'levres|levre|langue|bouche|visage|ongles|doigts|bebe|peau ~ bleu|bleue|bleues|bleus|bleuatre|bleuatres|violet|violette|violettes', 'bleuit|bleuissement', 'devient|devenu|devenue|tout|toute bleu|bleue', 'midomo ~ bluu', 'anageuka bluu'] },
  apnee: { exemple: 'apnée', resolu: 'dangereux', phrases: ['apnee|apnees', 'arrete|arret de respirer', 'arret|pause|pauses respiratoire|respiratoires|cardiaque', 'respire|respires pas|plus', 'gasp|gasps|gasping', 'hapumui', 'apemaka te'] },
  toux: { exemple: 'toux', phrases: ['toux|tousse|tousser|toussent|toussait', 'kikohozi|kukohoa|anakohoa|nakohoa', 'kosukosu|kokosola|akosolaka|nakosolaka', 'rhume|bronchite|pneumonie'] },
  douleur_thoracique: {
    exemple: 'douleurs thoraciques', resolu: 'dangereux',
    phrases: ['mal|douleur|douleurs|brulure|doulr|oppression|oppressions|pesanteur|serrement|constriction|etau|poids|point|pression ~ poitrine|thorax|thoracique|thoraciques|sternum|retrosternal|retrosternale|retrosternales|precordiale|precordial|precordium|coeur|poitrin|poitrinne|torax|torasique', 'poitrine|thorax|coeur ~ fait|faire ~ mal', 'poitrine|thorax|coeur ~ serre|serree|oppresse|oppressee|pique|brule|comprime', 'thoracalgie|precordialgie|angor|angine de poitrine', 'infarctus', 'maumivu ~ kifua|moyo', 'kifua ~ kinauma|kinaniuma|kinamuuma|inauma|inaniuma|kinabana', 'mpasi ~ ntolo|tolo|motema', 'ntolo|tolo ~ mpasi|pasi'],
    couvre: ['mal au coeur'], douteux: ['mal au coeur'],
  },
  douleur_reproductible: { exemple: 'douleur reproductible à la pression', phrases: ['reproductible|reproduite|reproduit', 'a la palpation|pression', 'quand ~ appuie|touche|appuyer', 'lorsque ~ appuie', 'parietale|parietales|costale'] },
  sueurs: { exemple: 'sueurs', phrases: ['sueur|sueurs|transpire|transpiration|transpirations|sue|diaphorese', 'jasho|anatoka jasho', 'motoki'] },
  irradiation: { exemple: 'irradiation au bras gauche', phrases: ['irradie|irradiant|irradiation|irradiations|iradie', 'bras gauche', 'machoire|machoires', 'va|descend|monte ~ bras|epaule|dos|cou', 'mkono wa kushoto'] },
  cardiopathie: { exemple: 'cardiopathie', phrases: ['cardiopathie|cardiopathies|cardiaque|cardiaques|infarctus|coronarien|coronarienne|coronaropathie|valvulopathie|stent|pontage|cardiomyopathie', 'maladie|probleme ~ coeur', 'angine de poitrine', 'angor', 'insuffisance cardiaque', 'ugonjwa wa moyo', 'maladi ya motema'] },
  saignement: {
    exemple: 'saignements', resolu: 'dangereux',
    phrases: ['saigne|saignent|saigner|saignait|saignement|saignements|saignment|saignments|seignement|seigne|segne|saingne|saingnement|saignant|metrorragie|metrorragies|metroragie|menometrorragies', 'perd|perds|perdre|perdu|perte|pertes ~ sang|sanglantes|sanguinolentes|rouges|rouge', 'pert de sang', 'sang qui coule|sort|gicle', 'sang coule|sort|gicle', 'coule du sang', 'anatoka|natoka|kutoka|inatoka damu', 'damu inatoka|zinatoka', 'makila ~ kobima|kotanga', 'kobima|kotanga makila', 'kutokwa na? damu'],
  },
  hemorragie: { exemple: 'hémorragie', resolu: 'dangereux', phrases: ['hemorragie|hemorragies|hemmorragie|hemoragique|hemorragique|hemorajie|emoragie', 'saigne|saignement|saignements|sang ~ s? arrete pas', 'saigne ~ sans arret', 'arrete pas de saigner', 'gicle|jet ~ sang', 'sang gicle', 'baigne|mare ~ sang', 'vide|vider de son sang', 'damu nyingi|mingi', 'makila ebele|mingi', 'perdu|perte ~ litre|litres ~ sang'] },
  abondance: { exemple: 'abondance', phrases: ['abondant|abondante|abondants|abondantes|abondamment|abondance|abondament', 'beaucoup|enormement|massif|massive|massivement|important|importante|importants|importantes|fort|flots|nyingi|mingi|ebele|sana', 'grande|en quantite', 'sans arret', 's arrete pas', 'verre|bol|litre|litres|cuvette'] },
  faible_quantite: { exemple: 'traces', phrases: ['trace|traces|filet|filets|strie|stries|striee|striees|goutte|gouttes|spotting|minime|minimes|leger|legere|legers|legeres|legerement|peu|petit|petits|petite|petites|kidogo|moke|brunatre|brunatres|marron|rose'] },
  spotting: { exemple: 'spotting', phrases: ['spotting', 'pertes brunatres|marron|rosees|brunes', 'traces de sang', 'tache|taches de sang'] },
  saignement_mineur: { exemple: 'épistaxis', phrases: ['epistaxis|gingivorragie|gingivorragies'], couvre: ['saigne|saignement|saignements|sang ~ nez|gencive|gencives', 'sang ~ nez'] },
  en_cours: { exemple: 'actif', phrases: ['continue|continuent|actif|active|encore|toujours|actuellement|maintenant|aujourd|matin|repete|repetes|repetee|repetees|plusieurs|sasa|lelo', 'en cours'] },
  hematemese: { exemple: 'hématémèse', resolu: 'dangereux', phrases: ['hematemese|hematemeses|ematemese|hemathemese', 'vomissement|vomissements|vomi ~ sang|sanglant|sanglants|noir|noirs|noiratres|cafe|rouge', 'marc de cafe', 'kosanza|asanzi makila', 'rejette ~ sang ~ bouche'] },
  vomit_sang: { exemple: 'vomissements de sang actifs', resolu: 'dangereux', phrases: ['vomit|vomis|vomir|vomissait ~ sang|damu|makila', 'anatapika|natapika|kutapika damu', 'azali|nazali kosanza makila', 'azosanza|nazosanza makila'] },
  melena: { exemple: 'méléna', resolu: 'dangereux', phrases: ['melena|melaena|melenas|rectorragie|rectorragies|rectoragie|hematochezie', 'selles|selle|caca|diarrhee ~ noir|noire|noires|sang|sanglantes|sanglante|goudron|rouges', 'sang ~ selles|selle|anus|rectum|caca', 'choo ~ damu|nyeusi', 'nyei ~ makila'] },
  hemoptysie: { exemple: 'hémoptysie', resolu: 'dangereux', phrases: ['hemoptysie|hemoptysies|emoptisie|hemoptisie|hemoptoique|hemoptoiques', 'crache|cracher|crachats|crachat|crachait|tousse|tousser|expectore|expectoration|expectorations|toux ~ sang|sanglant|sanglants|sanglante|sanglantes|rouge', 'anakohoa|nakohoa|kukohoa|anatema damu', 'kokosola|akosoli makila'] },
  syncope: { exemple: 'syncope', resolu: 'dangereux', phrases: ['syncope|syncopes|lipothymie|syncopal', 'evanoui|evanouie|evanouit|evanouissement|evanouissements|evanouir|evanuit', 'perte|perdu|perd|perds|perdre ~ connaissance|conaissance|conscience', 'tombe|tombee ~ pommes', 'malaise ~ chute', 'amezimia|nimezimia|kuzimia|alizimia|amezirai|kuzirai|alizirai|nilizirai', 'akwei|nakwei ~ mayele'] },
  paleur_severe: { exemple: 'pâleur sévère', resolu: 'dangereux', phrases: ['paleur|pale|pales ~ severe|intense|extreme|importante|franche|marquee', 'tres|extremement|fort|vraiment pale|pales', 'paume|paumes|mains|conjonctives blanche|blanches|tres? decolorees', 'anemie severe', 'blanc|blanche comme un? linge|drap|papier'] },
  paleur: { exemple: 'pâleur', phrases: ['paleur|pale|pales|anemie|anemique'] },
  choc: { exemple: 'marbrures', resolu: 'dangereux', phrases: ['marbrure|marbrures|marbre|marbree|marbres', 'extremites ~ froides|froid|glacees', 'pouls filant|imprenable|imperceptible', 'pouls faible ~ rapide', 'pouls rapide ~ faible|filant', 'etat de choc', 'choc septique|hypovolemique|hemorragique|cardiogenique', 'recoloration|recolorisation ~ allonge|lente|allongee', 'trc allonge', 'collapsus'], douteux: ['mains|pieds ~ froid|froids|froides|glaces'] },
  douleur_abdominale: { exemple: 'douleurs abdominales', resolu: 'dangereux', phrases: ['mal|maux|douleur|douleurs|crampe|crampes|colique|coliques|dlr ~ ventre|abdomen|abdominal|abdominale|abdominales|vantre', 'ventre|abdomen ~ fait ~ mal', 'tumbo ~ inauma|linauma|linaniuma|inaniuma', 'maumivu ya tumbo', 'libumu ~ mpasi|pasi', 'mpasi ya libumu'] },
  douleur_pelvienne: { exemple: 'douleurs pelviennes', resolu: 'dangereux', phrases: ['mal|douleur|douleurs|crampe|crampes ~ bas ventre', 'bas ventre ~ mal|douloureux', 'douleur|douleurs|mal ~ pelvis|pelvienne|pelviennes|pelvien|hypogastre|hypogastrique|hypogastriques|iliaque|iliaques|annexielle|annexielles', 'douleur|douleurs sus pubienne|pubiennes', 'pelvialgie|pelvialgies', 'algie|algies pelvienne|pelviennes', 'chini ya kitovu', 'tumbo la chini', 'nse ya libumu'] },
  douleur_epaule: { exemple: "douleur de l'épaule", phrases: ['mal|douleur|douleurs ~ epaule|epaules|scapulaire|scapulaires', 'scapulalgie|scapulalgies'] },
  intensite: { exemple: 'intense', phrases: ['intense|intenses|violent|violente|violents|violentes|severe|severes|terrible|terribles|atroce|atroces|insupportable|insupportables|horrible|brutale|brutal|fort|forte|forts|fortes|rebelle|rebelles|persistante|persistantes|pulsatile|pire|makasi|kali|sana', 'cede|passe|calme|passent pas', 'si mal', 'grave'] },
  trouble_visuel: { exemple: 'vision floue', phrases: ['vision|vue ~ floue|trouble|double|baisse|brouillee|flou', 'voit|vois|voir ~ flou|double|trouble|mal|etoiles|mouches|points', 'phosphene|phosphenes|mouches volantes|scotome|scotomes|diplopie', 'trouble|troubles ~ visuel|visuels|vision|vue', 'etoiles|points|mouches devant les yeux', 'voit|vois plus', 'voit|vois pas|plus bien|rien|clair', 'macho ~ giza|haoni', 'miso ~ komona te'] },
  deficit: { exemple: 'déficit moteur', phrases: ['paralysie|paralyse|paralysee|hemiplegie|hemiparesie|aphasie|deficit neurologique|moteur', 'deficit moteur|neurologique', 'bouche|visage deviee|devie|tordue', 'avc'] },
  travail: { exemple: 'contractions utérines', resolu: 'dangereux', phrases: ['contraction|contractions|contraxion|contraxions ~ uterine|uterines|regulieres|rapprochees', 'contraction|contractions', 'en|debut de travail', 'travail actif|obstetrical', 'travail d accouchement', 'travail ~ commence', 'envie|besoin de pousser', 'va accoucher', 'accouche en ce moment|maintenant', 'tete ~ sort|visible|vulve', 'uchungu', 'pasi|mpasi ya kobota'] },
  rupture_membranes: { exemple: 'rupture des membranes', resolu: 'dangereux', phrases: ['rupture ~ membranes|poche', 'poche ~ rompue|percee|eaux', 'perte|pertes|perdu|perd|perds ~ eaux|liquide amniotique?', 'liquide amniotique', 'chupa ~ imepasuka|kupasuka', 'mai ~ epasuki'] },
  mouvements_foetaux: { exemple: 'diminution des mouvements du bébé', resolu: 'dangereux', phrases: ['bebe|foetus|enfant ~ ne? bouge pas|plus|moins', 'sens|sent plus|pas|moins ~ bebe|enfant|bouger|mouvements', 'diminution|absence|baisse ~ mouvements', 'mouvements actifs|foetaux ~ diminues|absents', 'maf absents|diminues', 'mtoto hachezi'] },
  traumatisme: { exemple: 'chute', resolu: 'dangereux', phrases: ['chute|accident|traumatisme|percutee|renversee|battue|tombee', 'tombe ~ ventre|escalier|moto', 'coup|coups', 'ajali'] },
  grossesse: {
    exemple: 'grossesse',
    phrases: ['enceinte|enceintes|ansinte|encinte|enseinte|enceinthe|enceint', 'grossesse', 'femme gestante|gravide', 'gestante|parturiente', 'amenorrhee ~ de #', '# sa', '# semaines|mois d amenorrhee', 'cpn|cpn1|cpn2|cpn3|cpn4', 'test ~ grossesse ~ positif', 'test positif', 'bhcg|hcg|tdg positif|positive', 'uterus gravide', 'mimba|mjamzito|ujauzito', 'zemi'],
    couvre: ['test ~ grossesse ~ positif', 'tombe|tombee enceinte'],
  },
  grossesse_possible: { exemple: 'retard de règles', phrases: ['retard ~ regle|regles|menstruel', 'regle|regles ~ retard|manque|absentes', 'n ai|a pas ~ vu|eu mes|ses|les regles', 'amenorrhee|amenorrhees', 'grossesse|enceinte possible|probable', 'peut etre enceinte', 'siku zimechelewa'], couvre: ['peut etre enceinte', 'pense etre|que ~ enceinte', 'crois etre|que ~ enceinte', 'grossesse possible|probable|suspectee'] },
  sans_grossesse: { exemple: 'ménopause', phrases: ['menopause|menopausee|hysterectomie|hysterectomisee', 'test ~ grossesse ~ negatif', 'tdg|bhcg|hcg negatif|negative'], couvre: ['test ~ grossesse ~ negatif'] },
  accouchement: { exemple: 'accouchement', phrases: ['accouche|accouchee|accouchement|acouche|acouchement', 'cesarienne|cesarisee|cesarise', 'post partum', 'postpartum', 'suites de couches', 'fausse couche', 'avortement|avorte|ivg|curetage', 'mis au monde', 'amejifungua|nimejifungua|kujifungua|alijifungua', 'nimezaa|amezaa|nilizaa', 'aboti|naboti|abotaki|nabotaki'] },
  trempe: { exemple: 'garnitures trempées', phrases: ['trempe|trempees|trempe|imbibe|imbibees ~ garniture|garnitures|pagne|pagnes|serviette|serviettes|matelas|lit', 'garniture|garnitures|pagne|pagnes|serviette|serviettes|drap|draps ~ trempe|trempes|trempees|imbibees|remplies|pleines|heure', 'remplit|change ~ garnitures|serviettes|pagnes', 'caillot|caillots|cailots|caillau'] },
  lochies_fetides: { exemple: 'lochies fétides', resolu: 'dangereux', phrases: ['lochie|lochies|perte|pertes|ecoulement ~ fetide|fetides|malodorante|malodorantes|puantes|nauseabondes|purulentes|sent|sentent|puent', 'odeur ~ pertes|lochies', 'endometrite'] },
  tete_mal: { exemple: 'refus du sein', resolu: 'dangereux', phrases: ['refus|refuse|refusait ~ sein|teter|tetee|tete|biberon|manger|boire|allaitement', 'tete|tette|boit|prend|suce mal|peu|pas|plus|moins|difficilement', 'arrive pas|plus a? teter|boire|avaler', 'mange|mangent mal', 'difficulte|difficultes ~ teter|alimentation|alimentaire', 'succion faible', 'hanyonyi', 'anakataa kunyonya', 'anyonyi', 'aboyi|aboyaki mabele', 'azali komela mabele te'] },
  bouge_peu: { exemple: 'hypoactivité', resolu: 'dangereux', phrases: ['bouge ~ stimule|stimulation', 'bouge pas|plus|peu|presque', 'hypoactif|hypoactivite|hypoactive|areactif', 'geint|apathique'] },
  ictere_paumes: { exemple: 'ictère des paumes', phrases: ['paume|paumes|plante|plantes|mains ~ jaune|jaunes|icteriques|icterique', 'ictere|jaunisse|jaune ~ paume|paumes|plante|plantes|mains|pieds'] },
  ictere: { exemple: 'ictère', phrases: ['ictere|jaunisse|icterique', 'jaune|jaunatre|jaunes', 'manjano'] },
  // Said of oneself; what was meant is asked, never supposed (see regles/sante-mentale.ts).
  suicide_acte: {
    exemple: 'tentative de suicide', resolu: 'dangereux',
    phrases: ['tentative|tentatives de? suicide|suicidaire', 'tente|tenter|essaye|essayer|essaie de|d ~ suicider|mourir', 'me|m|se|s suicider|pendre|immoler', 'me|m|se|s suis|est suicide|suicidee|pendu|pendue', 'ouvert|coupe|taillade|ouvrir|couper ~ veines|poignets|poignet', 'lettre|mot d adieu',
      'me|se jeter ~ pont|fleuve|riviere|puits|lac|vide|camion|train', 'avale|avaler|bu|boire|pris|prendre|ingere ~ poison|javel|raticide|insecticide|pesticide|acide|soude|petrole', 'mort aux rats', 'prise|ingestion|intoxication|surdosage volontaire', 'intoxication medicamenteuse',
      'nitajiua|amejiua|kujiua|nijiue', 'komiboma|namiboma|amibomi|nakomiboma'],
    douteux: ['me|se tuer', 'me|se faire du mal'],
  },
  suicide_desir: {
    exemple: 'idées suicidaires', resolu: 'dangereux',
    phrases: ['idee|idees|pensee|pensees|ideation suicidaire|suicidaires|morbides', 'idees|pensees noires', 'idees|pensees de mort', 'veux|veut|voudrais|voudrait|voulais|voulait|prefere|preferais|prefererais|souhaite mourir', 'envie|desir|besoin|idee|idees de mourir', 'pense|penses|pensons ~ a mourir', 'pense|penses ~ a la? mort', 'envie de ne? plus vivre',
      'plus envie|gout|raison|force|courage de vivre', 'en finir ~ vie|tout', 'veux|veut|voudrais|envie|vais d? en finir', 'mettre fin a mes|ses jours', 'suis|est|etat|patient|patiente|crise suicidaire', '=suicide|=suicides|=suicider', 'mieux mort|morte', 'nataka|anataka|ninataka kufa', 'nalingi|alingi kokufa'],
  },
  prise_massive: {
    exemple: 'prise de tous les comprimés',
    phrases: ['pris|prise|prises|avale|bu|ingere|mange tous|toutes|toute ~ comprimes|medicaments|gelules|cachets|plaquette|plaquettes|boite|boites|pilules', 'pris|prise|avale|ingere ~ beaucoup|trop|plein|exces ~ comprimes|medicaments|gelules|cachets|pilules', 'pris|avale|ingere ~ boite|plaquette entiere|complete', 'surdose|overdose|surdosage'],
  },
  infection: { exemple: 'infection', phrases: ['infection|infections|infecte|infectee|septique|septicemie|sepsis|pneumonie|paludisme|malaria|palu|meningite|typhoide|pus|abces|purulent|purulente|pyelonephrite|peritonite|gangrene|cholera'] },
  douleur: { exemple: 'douleur', phrases: ['mal|maux|douleur|douleurs|douloureux|douloureuse|mpasi|maumivu'] },
  // Followed by a number, which decides (see chiffres.ts).
  score_coma: { exemple: 'score', phrases: ['glasgow|gcs|blantyre'] },
  recoloration: { exemple: 'temps', phrases: ['trc|recoloration|recolorisation'] },
  volume_perdu: { exemple: 'volume', phrases: ['perdu|perte|pertes|saigne|saignement|saignements|hemorragie'] },
  oxygene: { exemple: 'oxygénothérapie', phrases: ['sous|avec oxygene|o2', 'oxygenotherapie', 'lunettes a oxygene', 'litres d oxygene|o2'] },
  alerte: { exemple: 'bonne conscience', phrases: ['conscient|consciente', 'conscience claire|normale|bonne|conservee', 'alerte et oriente'] },
  routine: { exemple: 'visite de routine', phrases: ['routine|vaccin|vaccination|vaccins', 'visite systematique|neonatale', 'visite de controle', 'consultation|visite|cps preventive|prescolaire|controle', 'certificat'] },
} as const satisfies Record<string, Entree>;

/** Name of a finding of the lexicon. */
export type Concept = keyof typeof LEXIQUE;
export const CONCEPTS = Object.keys(LEXIQUE) as Concept[];

const ENTREES: Record<Concept, Entree> = LEXIQUE;

/** Findings that stay dangerous once over ("ne convulse plus"). */
export const DANGEREUX_MEME_RESOLU: ReadonlySet<Concept> = new Set(CONCEPTS.filter((c) => ENTREES[c].resolu === 'dangereux'));

/** All findings written in a statement, before asking whether they are denied, past or somebody else's. */
export const chercher = indexer(CONCEPTS.flatMap((concept) => [
  ...ENTREES[concept].phrases.map((p) => compiler(concept, p)),
  ...(ENTREES[concept].douteux ?? []).filter((p) => !(ENTREES[concept].couvre ?? []).includes(p)).map((p) => compiler(concept, p, { douteux: true })),
  ...(ENTREES[concept].couvre ?? []).map((p) => compiler(concept, p, { couvre: true, douteux: (ENTREES[concept].douteux ?? []).includes(p) })),
]));
