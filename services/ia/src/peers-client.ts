import { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { FicheService } from '@mediai/contracts/consultation/v1/fiche_service';
import { createAuthSource, createServiceTokenSource, type Acteur } from '@mediai/kit/acteur';
import { connect, type GrpcTls } from '@mediai/kit/grpc';
import type { Logger } from '@mediai/kit/log';
import type { Metrics } from '@mediai/kit/metrics';
import type { FicheClinique } from './analyse/analyse.ts';
import type { UserCourt } from './conversation/conversation.ts';
import { URGENCES, type Urgence } from './voix/vote.ts';

export type PeersOptions = { authAddress: string; consultationAddress: string; serviceSecret: string; tls?: GrpcTls | undefined; log: Logger; metrics: Metrics };

const MAX_IDS = 200;
const NAMES_DEADLINE_MS = 1_000;

/** What ia asks of auth and consultation, over gRPC. */
export function createPeers({ authAddress, consultationAddress, serviceSecret, tls, log, metrics }: PeersOptions) {
  const auth = connect(AuthService, { address: authAddress, tls, log, metrics });
  const consultation = connect(FicheService, { address: consultationAddress, tls, log, metrics });
  const serviceToken = createServiceTokenSource({ issue: async () => (await auth.issueServiceToken({ service: 'ia', secret: serviceSecret })).token });

  return {
    /** What tokens are verified with. */
    tokenSource: createAuthSource(auth, serviceToken),

    /** What the models may see of a fiche. Throws AppError. */
    async fetchFiche(id: number, signal: AbortSignal): Promise<FicheClinique> {
      const { version, lignes, urgenceRegles, iaPermise } = await consultation.getFicheClinique({ id }, { token: await serviceToken(), signal });
      return {
        version, iaPermise,
        lignes: lignes.map(({ champ, libelle, section, valeur }) => ({ champ, libelle, section, valeur })),
        urgenceRegles: (URGENCES as readonly string[]).includes(urgenceRegles) ? (urgenceRegles as Urgence) : 'vert',
      };
    },

    /** Has consultation judge and audit that the actor opens a fiche. Throws AppError when they may not, with or without the reason given. */
    async openFiche(id: number, acteur: Acteur, motif: string | undefined): Promise<void> {
      await consultation.getAccesFiche({ id, ouverture: true }, { token: acteur.token, ...(motif ? { accessReason: motif } : {}) });
    },

    /** The same for the fiches of a page: those that the actor may see without a reason. Throws AppError. */
    async openFiches(ids: readonly number[], acteur: Acteur): Promise<ReadonlySet<number>> {
      const { ids: permises } = await consultation.getAccesFiche({ ids: [...ids], ouverture: true }, { token: acteur.token });
      return new Set(permises);
    },

    /** Names of users that no event told yet; none where auth cannot be asked: an answer without names is an answer. */
    async fetchUsers(ids: readonly number[]): Promise<Map<number, UserCourt>> {
      try {
        const { users } = await auth.getUsers({ ids: ids.slice(0, MAX_IDS) }, { token: await serviceToken(), deadlineMs: NAMES_DEADLINE_MS });
        return new Map(users.map(({ id, username, firstName, lastName, role, isStaff }) => [id, { id, username, firstName, lastName, role, isStaff }]));
      } catch (err) {
        log.debug({ err, count: ids.length }, 'names could not be asked');
        return new Map();
      }
    },

    close(): void {
      auth.close();
      consultation.close();
    },
  };
}
