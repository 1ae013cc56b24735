import type { AuthService } from '@mediai/contracts/auth/v1/auth_service';
import { createAuthSource, createServiceTokenSource } from '@mediai/kit/acteur';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { Consentement, Etablissement, Nom, Utilisateur } from '../fiche/ports.ts';
import { nomComplet } from './nom.ts';

export type AuthClient = ReturnType<typeof createAuthClient>;

/** What this service asks of auth. @throws AppError unavailable or deadline while auth is away */
export function createAuthClient({ client, secret }: { client: GrpcClient<typeof AuthService>; secret: string }) {
  const jetonDeService = createServiceTokenSource({ issue: async () => (await client.issueServiceToken({ service: 'consultation', secret })).token });
  return {
    jetonDeService,
    /** What tokens are verified with. */
    jetons: createAuthSource(client, jetonDeService),
    async trouverUtilisateur(id: number): Promise<Utilisateur | undefined> {
      const { users } = await client.getUsers({ ids: [id] }, { token: await jetonDeService() });
      const user = users.find((trouve) => trouve.id === id);
      return user && {
        id,
        role: user.role,
        estActif: user.isActive,
        approuve: user.role !== 'medecin' || (user.medecinProfile?.isApproved ?? false),
        disponible: user.medecinProfile?.isAvailable ?? false,
        etablissementId: user.etablissementId,
      };
    },
    /** Names by id, in one call. */
    async nommer(ids: readonly number[]): Promise<Map<number, Nom>> {
      const { users } = await client.getUsers({ ids: [...ids] }, { token: await jetonDeService() });
      return new Map(users.map(({ id, username, firstName, lastName }) => [id, { username, nom: nomComplet(firstName, lastName) }]));
    },
    async consentement(userId: number): Promise<Consentement> {
      const { etat } = await client.getConsentement({ userId, finalite: 'analyse_ia' }, { token: await jetonDeService() });
      return etat === 'accorde' || etat === 'absent' ? etat : 'retire'; // what is not understood permits nothing
    },
    async lireEtablissement(id: number): Promise<Etablissement> {
      const lu = await client.getEtablissement({ id }, { token: await jetonDeService() });
      return { id, nom: lu.nom, telephoneUrgence: lu.telephoneUrgence ?? null, fuseau: lu.fuseau, consentementIa: lu.consentementIa };
    },
  };
}
