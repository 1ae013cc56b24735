import type { Inbox, Message } from './inbox.ts';
import type { Call, Ledger, Outcome } from './ledger.ts';
import type { Faults } from './faults.ts';

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const h = (texte: unknown): string => String(texte ?? '').replace(/[&<>"']/gu, (c) => HTML[c] ?? c);

const heure = (iso: string): string => new Intl.DateTimeFormat('fr-FR', { timeZone: 'Africa/Lubumbashi', dateStyle: 'short', timeStyle: 'medium' }).format(new Date(iso));

const STATUTS: Record<Message['status'], string> = { queued: 'en file', sent: 'envoyé', delivered: 'remis', undelivered: 'non remis' };
const ISSUES: Record<Outcome, string> = { pending: 'en cours', answered: 'répondu', refused: 'refusé', dropped: 'coupé', aborted: 'abandonné par l’appelant' };

const STYLE = `
:root{color-scheme:light dark;--trait:#8884;--doux:#8882}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem 1.25rem}
.bandeau{background:#b45309;color:#fff;padding:.6rem 1rem;border-radius:.5rem;font-weight:600}
h1{font-size:1.4rem;margin:1rem 0 .25rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.message{border:1px solid var(--trait);border-radius:.5rem;padding:.6rem .9rem;margin:.5rem 0}
.message p{margin:.35rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
.meta{display:flex;flex-wrap:wrap;gap:.25rem 1rem;opacity:.85;font-size:.9em}
.etat{background:var(--doux);border-radius:1rem;padding:0 .6rem}
.defile{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9em}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--trait);white-space:nowrap}
code{font-size:.9em}.vide{opacity:.7}`;

/** The page for people: the messages that would have left and the calls received, newest first, in French. */
export function renderPage({ inbox, ledger, faults }: { inbox: Inbox; ledger: Ledger; faults: Faults }): string {
  const messages = inbox.list();
  const calls = ledger.list().toReversed();
  const posees = faults.list();
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="10">
<title>Bac à sable MediAI — SIMULATION</title><style>${STYLE}</style></head><body>
<p class="bandeau" role="note">SIMULATION — aucun modèle n’a été interrogé, aucun message n’est parti.</p>
<h1>Bac à sable MediAI</h1>
<p>Remplaçants locaux d’OpenAI, d’Anthropic, de Google et de Twilio. <a href="/sandbox/ledger">Journal (JSON)</a> · <a href="/sandbox/messages">Messages (JSON)</a> · <a href="/sandbox/faults">Pannes (JSON)</a></p>
<main>${posees.length > 0 ? `<section><h2>Pannes en cours</h2><ul>${posees.map((f) => `<li>${h(f.provider)} : ${h(f.kind)}${f.status ? ` ${f.status}` : ''} — jouée ${f.hits} fois${f.count ? ` sur ${f.count}` : ''}</li>`).join('')}</ul></section>` : ''}
<section><h2>Messages (${messages.length})</h2>${messages.slice(0, 100).map(renderMessage).join('') || '<p class="vide">Aucun message pour l’instant.</p>'}</section>
<section><h2>Appels (${calls.length})</h2>${calls.length > 0 ? `<div class="defile"><table><thead><tr><th scope="col">Heure</th><th scope="col">Fournisseur</th><th scope="col">Opération</th><th scope="col">Modèle</th><th scope="col">Statut</th><th scope="col">Issue</th><th scope="col">Durée</th></tr></thead><tbody>${calls.slice(0, 200).map(renderCall).join('')}</tbody></table></div>` : '<p class="vide">Aucun appel pour l’instant.</p>'}</section></main>
</body></html>`;
}

function renderMessage(m: Message): string {
  const modele = m.contentSid ? `<p><code>${h(m.contentSid)}</code> ${h(m.contentVariables)}</p>` : '';
  return `<article class="message"><div class="meta"><strong>${h(m.to)}</strong><span>de ${h(m.from ?? m.messagingServiceSid)}</span><time datetime="${h(m.time)}">${h(heure(m.time))}</time><span class="etat">${STATUTS[m.status]}${m.errorCode === null ? '' : ` (${m.errorCode})`}</span></div>${m.body ? `<p>${h(m.body)}</p>` : ''}${modele}</article>`;
}

function renderCall(c: Call): string {
  return `<tr><td>${h(heure(c.time))}</td><td>${h(c.provider)}</td><td>${h(c.operation)}</td><td>${h(c.model)}</td><td>${h(c.status)}</td><td>${ISSUES[c.outcome]}${c.fault ? ` (panne : ${h(c.fault)})` : ''}</td><td>${c.durationMs === null ? '' : `${c.durationMs} ms`}</td></tr>`;
}
