/** What a page says of a document; nothing about a person. */
export interface VerificationModel {
  readonly statut: 'authentique' | 'revoque' | 'inconnu';
  readonly emisLe?: Date | undefined;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#14212b;--soft:#56646f;--bg:#f7fafb;--card:#fff;--line:#d8e0e6;--mark:#0b6e4f}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf2;--soft:#9fb0bd;--bg:#0f171d;--card:#16212a;--line:#2b3a45;--mark:#5cd6a4}}
.revoque{--mark:#a3262a}.inconnu{--mark:#8a5200}
@media (prefers-color-scheme:dark){.revoque{--mark:#ff9a9d}.inconnu{--mark:#f0b860}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:17px/1.5 system-ui,sans-serif}
main{max-width:30rem;margin:0 auto;padding:2rem 1.1rem}section{background:var(--card);border:1px solid var(--line);border-top:.4rem solid var(--mark);border-radius:.6rem;padding:1.4rem 1.3rem}
h1{font-size:1.5rem;line-height:1.2;margin:.2rem 0 .6rem;color:var(--mark)}p{margin:.6rem 0}.signe{font-size:2.4rem;line-height:1;color:var(--mark)}.soft{color:var(--soft);font-size:.92rem}
header{font-weight:700;padding:0 .2rem .9rem}`;

const MOTS = {
  authentique: { signe: '✓', titre: 'Document authentique', phrase: "Ce document vient de MediAI, et ce qu'il dit est toujours ce que dit la fiche." },
  revoque: { signe: '✕', titre: 'Document révoqué', phrase: 'Ce document vient de MediAI, mais il ne compte plus : la fiche a changé depuis, ou ce document a été annulé. Demandez-en un nouveau.' },
  inconnu: { signe: '?', titre: 'Code inconnu', phrase: "Ce code n'est celui d'aucun document de MediAI. Scannez-le de nouveau ; s'il reste inconnu, ne vous fiez pas au document." },
} as const;

const jour = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Africa/Lubumbashi' });

/** The page that a scanned code opens, in French; it has no script and loads nothing. */
export function renderVerification({ statut, emisLe }: VerificationModel): string {
  const { signe, titre, phrase } = MOTS[statut];
  const emis = emisLe === undefined ? '' : `<p>Émis le <strong>${jour.format(emisLe)}</strong> (heure de Lubumbashi).</p>`;
  const reserve = statut === 'authentique' ? '<p class="soft">Un document qui porte « Document non validé » est authentique sans qu’aucun médecin l’ait validé. Vérifiez aussi que le papier n’a pas été retouché.</p>' : '';
  return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${titre} — MediAI</title><style>${STYLE}</style></head>
<body><main class="${statut}"><header>MediAI</header><section><div class="signe" aria-hidden="true">${signe}</div><h1>${titre}</h1>
<p>${phrase}</p>
${emis}${reserve}</section>
<p class="soft">Cette page ne montre rien du dossier ni de la personne.</p></main></body></html>`;
}
