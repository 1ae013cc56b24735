/** One message that the sandbox would have sent. */
export interface InboxMessage {
  readonly to: string;
  readonly body: string;
  readonly status: string;
}

export interface HomeModel {
  readonly demo: boolean;
  readonly password: string;
  readonly sandboxUrl?: string | undefined;
  /** Undefined when there is no sandbox or it did not answer. */
  readonly inbox?: InboxMessage[] | undefined;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);

const STYLE = `
:root{color-scheme:light dark;--ink:#14212b;--soft:#5b6b78;--line:#d8e0e6;--accent:#0b6e6e;--bg:#f7fafb;--card:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf2;--soft:#9fb0bd;--line:#2b3a45;--accent:#5cc8c0;--bg:#0f171d;--card:#16212a}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:56rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}h1{font-size:2rem;margin:0 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .75rem}
p{margin:.4rem 0}.soft{color:var(--soft)}a{color:var(--accent)}ul{padding:0;margin:0;list-style:none;display:grid;gap:.6rem;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr))}
li,table{background:var(--card);border:1px solid var(--line);border-radius:.6rem}li{padding:.8rem 1rem}li a{font-weight:600;text-decoration:none;display:block}
.scroll{overflow-x:auto}table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.55rem .9rem;border-top:1px solid var(--line);vertical-align:top}tr:first-child th{border-top:0}
th{font-weight:600;font-size:.85rem;color:var(--soft)}code{font-size:.95em}.after{margin-top:.9rem}td:first-child{white-space:nowrap}.tag{display:inline-block;border:1px solid var(--accent);color:var(--accent);border-radius:1rem;padding:0 .6rem;font-size:.8rem}`;

/** Twilio's states of a message, in French. */
const STATES: Record<string, string> = { accepted: 'accepté', queued: 'en file', sending: 'en cours', sent: 'envoyé', delivered: 'remis', read: 'lu', undelivered: 'non remis', failed: 'échec' };

const LINKS = [
  ['/api/docs/', "Documentation de l'API", 'Chaque opération, à essayer dans le navigateur'],
  ['/api/redoc/', "Référence de l'API", 'La même, à lire'],
  ['/api/schema/', 'Schéma OpenAPI 3.1', 'Pour générer un client'],
  ['/api/health/', 'État du système', 'Chaque service et chaque pièce'],
  ['/.well-known/jwks.json', 'Clés publiques', 'Pour vérifier un jeton'],
] as const;

/** The start page, in French; everything that varies is escaped. */
export function renderHome({ demo, password, sandboxUrl, inbox }: HomeModel): string {
  return `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>MediAI</title><style>${STYLE}</style></head>
<body><main>
<h1>MediAI ${demo ? '<span class="tag">démonstration</span>' : ''}</h1>
<p>Un patient remplit une fiche de consultation. Des règles y cherchent aussitôt les signes d'alerte, plusieurs modèles l'analysent côte à côte, une synthèse les réunit, et un médecin décide.</p>
<p class="soft">MediAI aide un médecin ; il ne remplace ni son examen ni sa décision. En cas d'urgence, appelez les secours.</p>
<h2>Pour commencer</h2>
<ul>${LINKS.map(([href, title, what]) => `<li><a href="${href}">${title}</a><span class="soft">${what}</span></li>`).join('')}</ul>
${demo ? accounts(password) : ''}
${demo && sandboxUrl ? inboxSection(sandboxUrl, inbox) : ''}
</main></body></html>`;
}

function accounts(password: string): string {
  const rows = [['patient.demo', 'Patient'], ['medecin.demo', 'Médecin, approuvé'], ['admin.demo', "Administrateur de l'établissement"], ['superuser.demo', 'Administrateur de tous les établissements']];
  return `<h2>Comptes de démonstration</h2>
<div class="scroll"><table><tr><th>Compte</th><th>Rôle</th><th>Mot de passe</th></tr>${rows.map(([name, role]) => `<tr><td><code>${name}</code></td><td>${role}</td><td><code>${escape(password)}</code></td></tr>`).join('')}</table></div>`;
}

function inboxSection(sandboxUrl: string, inbox: InboxMessage[] | undefined): string {
  const body =
    inbox === undefined
      ? '<p class="soft">Le bac à sable ne répond pas.</p>'
      : inbox.length === 0
        ? '<p class="soft">Aucun message pour le moment : validez une fiche ou confirmez un rendez-vous.</p>'
        : `<div class="scroll"><table><tr><th>À</th><th>Message</th><th>État</th></tr>${inbox.map((m) => `<tr><td>${escape(m.to.replace(/^whatsapp:/, 'WhatsApp '))}</td><td>${escape(m.body)}</td><td>${escape(STATES[m.status] ?? m.status)}</td></tr>`).join('')}</table></div>`;
  return `<h2>Messages qui auraient été envoyés <span class="tag">SIMULATION</span></h2>${body}<p class="after"><a href="${escape(sandboxUrl)}">Ouvrir le bac à sable</a></p>`;
}
