import { randomUUID } from 'node:crypto';
import type { AnalyseEnBail, AnalyseLue, Avis, EtatFiche, EvenementFiche, FinAnalyse } from './analyse.ts';
import type { AnalyseStore } from './analyse-store.ts';

type Ligne = Omit<AnalyseLue, 'synthese'> & {
  jeton: string | undefined; bailFin: number; prochainEssai: number; essais: number; demandeeLe: Date; commenceeLe: Date | undefined;
  traceparent: string | undefined; contenu: AnalyseEnBail['contenu']; fin: FinAnalyse | undefined; avis: Avis[];
};
export type MessageMemoire = { ficheId: number; analyseId: number; role: string; content: string };
export type AnalyseStoreMemoire = AnalyseStore & { messages: MessageMemoire[]; fins: { taskId: string; fin: FinAnalyse }[]; fiches: Map<number, EtatFiche> };

/**
 * The same promises in memory.
 * @param now epoch milliseconds
 */
export function createAnalyseStoreMemoire(now: () => number = Date.now): AnalyseStoreMemoire {
  const inbox = new Set<string>();
  const lignes: Ligne[] = [];
  const messages: MessageMemoire[] = [];
  const fins: { taskId: string; fin: FinAnalyse }[] = [];
  const fiches = new Map<number, EtatFiche>();

  const tenue = ({ id, jeton }: AnalyseEnBail): Ligne | undefined => lignes.find((l) => l.id === id && l.jeton === jeton && l.etat === 'en_cours');

  function applyEvent({ fiche, taskId, traceparent }: EvenementFiche): boolean {
    if ((fiches.get(fiche.id)?.version ?? 0) < fiche.version) fiches.set(fiche.id, fiche);
    if (!taskId || fiche.deleted || lignes.some((l) => l.taskId === taskId)) return false;
    lignes.push({
      id: lignes.length + 1, ficheId: fiche.id, ficheVersion: fiche.version, taskId, etat: 'en_attente', urgenceIa: undefined, echecCode: undefined, simulation: false,
      jeton: undefined, bailFin: 0, prochainEssai: now(), essais: 0, demandeeLe: new Date(now()), commenceeLe: undefined, traceparent, contenu: undefined, fin: undefined, avis: [],
    });
    return true;
  }

  return {
    messages, fins, fiches,
    async takeEvent(event) {
      if (inbox.has(event.eventId)) return false;
      inbox.add(event.eventId);
      return applyEvent(event);
    },
    async lease(bailMs) {
      const due = lignes.filter((l) => ['en_attente', 'en_cours'].includes(l.etat) && l.prochainEssai <= now() && (l.jeton === undefined || l.bailFin < now()));
      const [l] = due.sort((a, b) => a.prochainEssai - b.prochainEssai || a.id - b.id);
      if (!l) return undefined;
      Object.assign(l, { jeton: randomUUID(), bailFin: now() + bailMs, etat: 'en_cours', essais: l.essais + 1, commenceeLe: l.commenceeLe ?? new Date(now()) });
      return { id: l.id, taskId: l.taskId, ficheId: l.ficheId, jeton: l.jeton as string, essais: l.essais, demandeeLe: l.demandeeLe, commenceeLe: l.commenceeLe as Date, traceparent: l.traceparent, contenu: l.contenu };
    },
    async renew(bail, bailMs) {
      const l = tenue(bail);
      if (l) l.bailFin = now() + bailMs;
      return l !== undefined;
    },
    async postpone(bail, delaiMs) {
      const l = tenue(bail);
      if (l) Object.assign(l, { etat: 'en_attente', jeton: undefined, prochainEssai: now() + delaiMs });
    },
    async saveContent(bail, contenu, resume) {
      const l = tenue(bail);
      if (!l) return false;
      Object.assign(l, { ficheVersion: contenu.version, contenu: { version: contenu.version, lignes: contenu.lignes, urgenceRegles: contenu.urgenceRegles } });
      if (messages.findLast((m) => m.ficheId === l.ficheId && m.role === 'user')?.content !== resume) messages.push({ ficheId: l.ficheId, analyseId: l.id, role: 'user', content: resume });
      return true;
    },
    async saveAvis(bail, avis, message) {
      const l = tenue(bail);
      if (!l) return false;
      if (l.avis.some((a) => a.role === avis.role)) return true;
      l.avis.push(avis);
      if (message !== undefined) messages.push({ ficheId: l.ficheId, analyseId: l.id, role: avis.role, content: message });
      return true;
    },
    listAvis: async (analyseId) => [...(lignes.find((l) => l.id === analyseId)?.avis ?? [])].sort((a, b) => (a.role < b.role ? -1 : 1)),
    async finish(bail, fin) {
      const l = tenue(bail);
      if (!l) return false;
      const echec = fin.etat === 'echouee';
      Object.assign(l, { etat: fin.etat, jeton: undefined, simulation: fin.simulation, urgenceIa: echec ? undefined : fin.urgenceIa, echecCode: echec ? fin.code : undefined });
      if (!echec) messages.push({ ficheId: l.ficheId, analyseId: l.id, role: 'synthese', content: fin.synthese });
      fins.push({ taskId: l.taskId, fin });
      return true;
    },
    async find(id) {
      const l = lignes.find((x) => x.id === id);
      if (!l) return undefined;
      const { ficheId, ficheVersion, taskId, etat, urgenceIa, echecCode, simulation } = l;
      return { id, ficheId, ficheVersion, taskId, etat, urgenceIa, echecCode, simulation, synthese: messages.find((m) => m.analyseId === id && m.role === 'synthese')?.content };
    },
  };
}
