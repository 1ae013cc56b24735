const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Index of the style of days, in `xl/styles.xml`. */
export const STYLE_JOUR = 1;
export const cheminFeuille = (rang: number): string => `xl/worksheets/sheet${rang}.xml`;
export const TETE_FEUILLE = `${XML}<worksheet xmlns="${MAIN}"><sheetData>`;
export const PIED_FEUILLE = '</sheetData></worksheet>';

/** The parts of a workbook of `feuilles` sheets that are not the sheets themselves (ECMA-376, part 1, annex L): path -> XML. */
export function partsExcel(feuilles: number): [chemin: string, xml: string][] {
  const rangs = Array.from({ length: feuilles }, (_, i) => i + 1);
  const nomDe = (rang: number): string => (feuilles === 1 ? 'Fiches' : `Fiches ${rang}`);
  const relation = (id: string, type: string, cible: string): string => `<Relationship Id="${id}" Type="${RELS}/${type}" Target="${cible}"/>`;
  return [
    ['[Content_Types].xml', `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
      + `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>`
      + `${rangs.map((rang) => `<Override PartName="/${cheminFeuille(rang)}" ContentType="${TYPE}.worksheet+xml"/>`).join('')}</Types>`],
    ['_rels/.rels', `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`],
    ['xl/workbook.xml', `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELS}"><sheets>${rangs.map((rang) => `<sheet name="${nomDe(rang)}" sheetId="${rang}" r:id="rId${rang}"/>`).join('')}</sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `${XML}<Relationships xmlns="${PACKAGE}/relationships">${rangs.map((rang) => relation(`rId${rang}`, 'worksheet', `worksheets/sheet${rang}.xml`)).join('')}${relation(`rId${feuilles + 1}`, 'styles', 'styles.xml')}</Relationships>`],
    ['xl/styles.xml', `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="1"><font/></fonts>`
      + '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
      + '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'],
  ];
}
