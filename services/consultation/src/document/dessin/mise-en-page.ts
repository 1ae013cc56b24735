import type { Column, Content, ContentText, CustomTableLayout, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { DocumentImprime, LigneImprimee, ReferenceImprimee, ResultatImprime, SectionImprimee, TexteImprime } from '../document.ts';
import { REMPLACEMENT } from './texte-imprimable.ts';

/** A4 in points, with room for the heading and the foot of each page. */
const MARGES: [number, number, number, number] = [42, 64, 42, 50];
const LARGEUR = 595.28 - MARGES[0] - MARGES[2];
const COULEUR = { encre: '#14212b', doux: '#56646f', trait: '#cfd8de', accent: '#0b5f5f', fond: '#f1f6f6', attention: '#8a5200', alerte: '#a3262a', fondAlerte: '#fdf1f1' };
const BAS = 841.89 - MARGES[3];
/** What a heading needs below it: itself and some lines. */
const SOUS_TITRE = 64;
const COTE_QR = 84;
const SIGNATURE_MAX: [number, number] = [170, 60];

/** Characters up to which a value stands beside another one. */
const COURT = 42;
/** Beyond, a heading alone at the foot of a page is let be: each one that is moved lays the document out again. */
const TEXTE_LEGER = 60_000;

const FILET: CustomTableLayout = {
  hLineWidth: (i, { table }) => (i === 0 || i === table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => COULEUR.trait,
  paddingLeft: (i) => (i === 0 ? 0 : 5),
  paddingRight: () => 5,
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
};

const cadre = (couleur: string, fond: string): CustomTableLayout => ({
  hLineWidth: () => 0.8, vLineWidth: () => 0.8, hLineColor: () => couleur, vLineColor: () => couleur, fillColor: () => fond,
  paddingLeft: () => 9, paddingRight: () => 9, paddingTop: () => 6, paddingBottom: () => 6,
});

/**
 * A document as pdfmake draws it.
 * @param imprimable makes a text one that the font can print; every text that people wrote passes it
 */
export function mettreEnPage(document: DocumentImprime, imprimable: (texte: string) => string): TDocumentDefinitions {
  const t = (texte: string): string => imprimable(texte);
  const contenu = corps(document, t);
  const titre = `Fiche de consultation ${t(document.numero)}`;
  return {
    pageSize: 'A4',
    pageMargins: MARGES,
    version: '1.7',
    language: 'fr',
    displayTitle: true,
    info: { title: titre, creator: 'MediAI', producer: 'MediAI', creationDate: new Date(document.emisLe), modDate: new Date(document.emisLe) },
    defaultStyle: { font: 'Roboto', fontSize: 9.5, color: COULEUR.encre, lineHeight: 1.18, preserveLeadingSpaces: true },
    content: contenu,
    header: () => entete(document, t),
    footer: (page, pages) => pied(titre, page, pages),
    ...(tailleDe(document) > TEXTE_LEGER ? {} : { pageBreakBefore: ({ headlineLevel, startPosition }) => headlineLevel === 1 && startPosition.top > BAS - SOUS_TITRE }),
  };
}

const tailleDe = ({ sections, textes }: DocumentImprime): number =>
  textes.reduce((n, { texte }) => n + texte.length, 0) + sections.reduce((n, { lignes }) => n + lignes.reduce((m, { valeur }) => m + valeur.length, 0), 0);

function entete({ etablissement, telephoneUrgence }: DocumentImprime, t: (texte: string) => string): Content {
  const urgences: Content = telephoneUrgence === null ? '' : { text: [{ text: 'Urgences : ', color: COULEUR.doux }, { text: t(telephoneUrgence), bold: true }], alignment: 'right' };
  return {
    margin: [MARGES[0], 26, MARGES[2], 0],
    stack: [
      { columns: [{ text: t(etablissement.slice(0, 120)), bold: true, fontSize: 11, color: COULEUR.accent, width: '*' }, { stack: [urgences], width: 190 }], columnGap: 12 },
      trait(0.8, COULEUR.accent, [0, 3, 0, 0]),
    ],
  };
}

const pied = (titre: string, page: number, pages: number): Content => ({
  margin: [MARGES[0], 16, MARGES[2], 0],
  columns: [{ text: titre, width: '*' }, { text: `Page ${page} / ${pages}`, alignment: 'right', width: 90 }],
  fontSize: 8, color: COULEUR.doux,
});

const trait = (epaisseur: number, couleur: string, margin: [number, number, number, number]): Content => ({ canvas: [{ type: 'line', x1: 0, y1: 0, x2: LARGEUR, y2: 0, lineWidth: epaisseur, lineColor: couleur }], margin });

function corps(document: DocumentImprime, t: (texte: string) => string): Content[] {
  const contenu: Content[] = [
    tete(document, t),
    ...(document.bandeau ? [encadre(document.bandeau.titre, t(document.bandeau.detail), COULEUR.alerte, COULEUR.fondAlerte)] : []),
    ...(document.orientation ? [encadre('Que faire maintenant', t(document.orientation), COULEUR.accent, COULEUR.fond)] : []),
    ...(document.urgence ? [urgence(document.urgence, t)] : []),
    ...document.sections.flatMap((section) => uneSection(section, t)),
    ...document.textes.flatMap((texte) => unTexte(texte, t)),
    ...(document.resultats.length > 0 ? [...resultats(document.resultats, t), ...omis(document.omis.resultats, 'résultats de plus, plus anciens')] : []),
    ...(document.references.length > 0 ? [...references(document.references, t), ...omis(document.omis.references, 'références de plus, plus anciennes')] : []),
    ...(document.validation ? [validation(document.validation, t)] : []),
    ...(document.ia ? unTexte(document.ia, t) : []),
  ];
  if (JSON.stringify(contenu).includes(REMPLACEMENT)) contenu.push({ text: `Le signe ${REMPLACEMENT} remplace un caractère que ce document ne peut pas imprimer ; il se lit à l'écran.`, fontSize: 8, color: COULEUR.doux, margin: [0, 10, 0, 0] });
  return contenu;
}

/** What it is, of when, and beside it how it is verified. */
function tete({ numero, reperes, verification }: DocumentImprime, t: (texte: string) => string): Content {
  const lignes: Content[] = reperes.map(({ libelle, valeur }) => ({ text: [{ text: `${libelle} : `, color: COULEUR.doux }, t(valeur)], margin: [0, 1, 0, 0] }));
  return {
    margin: [0, 2, 0, 6],
    columns: [
      { width: '*', stack: [{ text: 'Fiche de consultation', fontSize: 19, bold: true, lineHeight: 1 }, { text: t(numero), fontSize: 13, color: COULEUR.accent, margin: [0, 1, 0, 5] }, ...lignes] },
      { width: COTE_QR, stack: qr(verification) },
      { width: 118, fontSize: 8, color: COULEUR.doux, margin: [0, 4, 0, 0], text: ['Pour vérifier ce document, scannez ce code ou ', { text: 'ouvrez son adresse', link: verification, decoration: 'underline', color: COULEUR.accent }, ' : la page dit s\'il est authentique. Elle ne montre rien du dossier.'] },
    ],
    columnGap: 10,
  };
}

/** The code, and over it an invisible area that is a link: pdfmake draws none on a code. */
const qr = (adresse: string): Content[] => [
  { svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${COTE_QR}" height="${COTE_QR}"></svg>`, width: COTE_QR, height: COTE_QR, link: adresse, relativePosition: { x: 0, y: 0 } } as Content,
  { qr: adresse, fit: COTE_QR, eccLevel: 'M', foreground: COULEUR.encre } as Content,
];

const encadre = (titre: string, texte: string, couleur: string, fond: string): Content => ({
  margin: [0, 4, 0, 4],
  table: { widths: ['*'], dontBreakRows: true, body: [[{ stack: [{ text: titre, bold: true, fontSize: 11.5, color: couleur }, { text: texte, margin: [0, 1, 0, 0] }] }]] },
  layout: cadre(couleur, fond),
});

function urgence({ niveau, signes }: NonNullable<DocumentImprime['urgence']>, t: (texte: string) => string): Content {
  const liste: Content = signes.length === 0 ? "Aucun signe d'alerte." : { ul: signes.map(t) };
  return {
    margin: [0, 4, 0, 4],
    table: { widths: ['*'], body: [[{ stack: [{ text: [{ text: 'Urgence : ', color: COULEUR.doux }, { text: niveau, bold: true }], fontSize: 11 }, { text: "Signes d'alerte (règles)", bold: true, margin: [0, 2, 0, 1] }, liste] }]] },
    layout: cadre(COULEUR.attention, '#fffaf0'),
  };
}

const titreDe = (titre: string): Content[] => [{ text: titre, headlineLevel: 1, bold: true, fontSize: 11.5, color: COULEUR.accent, margin: [0, 9, 0, 1], lineHeight: 1 } as ContentText, trait(0.5, COULEUR.trait, [0, 0, 0, 3])];

function uneSection({ titre, forme, lignes }: SectionImprimee, t: (texte: string) => string): Content[] {
  if (forme === 'mesures') return [...titreDe(titre), ...enColonnes(lignes, 3, 6, (ligne) => mesure(ligne, t))];
  if (forme === 'grille') return [...titreDe(titre), ...enGrille(lignes, t)];
  return [...titreDe(titre), ...lignes.map((ligne): Content => ({ text: paire(ligne, t), margin: [0, 0, 0, 3] }))];
}

/** Short values two by two, each long one on lines of its own, all in their order. */
function enGrille(lignes: readonly LigneImprimee[], t: (texte: string) => string): Content[] {
  const contenu: Content[] = [];
  let courtes: LigneImprimee[] = [];
  const vider = (): void => {
    contenu.push(...enColonnes(courtes, 2, 2, (ligne) => ({ text: paire(ligne, t) })));
    courtes = [];
  };
  for (const ligne of lignes) {
    if (ligne.libelle.length + ligne.valeur.length <= COURT) courtes.push(ligne);
    else {
      vider();
      contenu.push({ text: paire(ligne, t), margin: [0, 0, 0, 2] });
    }
  }
  vider();
  return contenu;
}

function enColonnes(lignes: readonly LigneImprimee[], nombre: number, bas: number, cellule: (ligne: LigneImprimee) => object): Content[] {
  const rangees = Array.from({ length: Math.ceil(lignes.length / nombre) }, (_, i) => lignes.slice(i * nombre, (i + 1) * nombre));
  const gap = 10;
  const width = (LARGEUR - gap * (nombre - 1)) / nombre;
  return rangees.map((rangee): Content => ({ columns: rangee.map((ligne): Column => ({ width, ...cellule(ligne) }) as Column), columnGap: gap, margin: [0, 0, 0, bas] }));
}

const paire = ({ libelle, valeur, aVerifier }: LigneImprimee, t: (texte: string) => string): Content[] => [
  { text: `${libelle} : `, color: COULEUR.doux },
  t(valeur),
  ...(aVerifier === undefined ? [] : [{ text: ` (à vérifier : ${t(aVerifier)})`, color: COULEUR.attention, bold: true }]),
];

const mesure = ({ libelle, valeur, aVerifier }: LigneImprimee, t: (texte: string) => string): object => ({
  stack: [
    { text: libelle, fontSize: 8, color: COULEUR.doux },
    { text: t(valeur), fontSize: 12, bold: true, color: aVerifier === undefined ? COULEUR.encre : COULEUR.attention, lineHeight: 1 },
    ...(aVerifier === undefined ? [] : [{ text: `À vérifier : ${t(aVerifier)}`, fontSize: 8, color: COULEUR.attention }]),
  ],
});

function unTexte({ titre, texte, mention }: TexteImprime, t: (texte: string) => string): Content[] {
  const paragraphes = t(texte).split(/\n{2,}/).filter((paragraphe) => paragraphe.trim() !== '');
  return [
    ...titreDe(titre),
    ...(mention === undefined ? [] : [{ text: mention, italics: true, color: COULEUR.attention, margin: [0, 0, 0, 3] } as Content]),
    ...paragraphes.map((text): Content => ({ text, margin: [0, 0, 0, 4] })),
  ];
}

function resultats(lignes: readonly ResultatImprime[], t: (texte: string) => string): Content[] {
  const tete = ['Date', 'Analyse', 'Valeur', 'Valeurs normales', 'Laboratoire, commentaire'].map((text): TableCell => ({ text, bold: true, fontSize: 8, color: COULEUR.doux }));
  const body = lignes.map((ligne): TableCell[] => [ligne.date, t(ligne.analyse), { text: t(ligne.valeur), bold: true }, t(ligne.normales), { text: t(ligne.detail), fontSize: 8.5 }]);
  return [...titreDe("Résultats d'analyses"), { table: { headerRows: 1, widths: [54, 130, 84, 84, '*'], body: [tete, ...body] }, layout: FILET }];
}

const references = (lignes: readonly ReferenceImprimee[], t: (texte: string) => string): Content[] => [
  ...titreDe('Références'),
  {
    ol: lignes.map(({ titre, detail, url }): Content => ({
      unbreakable: true,
      stack: [{ text: t(titre) }, ...(detail === '' ? [] : [{ text: t(detail), fontSize: 8.5, color: COULEUR.doux }]), ...(url === null ? [] : [{ text: t(url), fontSize: 8, color: COULEUR.doux }])],
      margin: [0, 0, 0, 3],
    })),
  },
];

const omis = (nombre: number, quoi: string): Content[] => (nombre === 0 ? [] : [{ text: `Il y a ${nombre} ${quoi}, à lire dans le dossier.`, italics: true, color: COULEUR.attention, margin: [0, 2, 0, 0] }]);

/** Who validated, when, and the signature: never torn apart by the end of a page. */
function validation({ medecin, date, signee, signature }: NonNullable<DocumentImprime['validation']>, t: (texte: string) => string): Content {
  const image: Content[] = signature ? [{ image: `data:image/*;base64,${Buffer.from(signature).toString('base64')}`, fit: SIGNATURE_MAX, margin: [0, 4, 0, 0] }] : signee ? [{ text: "La signature enregistrée n'a pas pu être imprimée.", italics: true, color: COULEUR.doux }] : [];
  return {
    unbreakable: true,
    stack: [...titreDe('Validation'), { text: [{ text: 'Médecin : ', color: COULEUR.doux }, { text: t(medecin), bold: true }] }, { text: [{ text: 'Validé le ', color: COULEUR.doux }, date] }, ...image],
  };
}
