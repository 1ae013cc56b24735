import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { AuthService, User } from '@mediai/contracts/auth/v1/auth_service';
import { AppError } from '@mediai/kit/errors';
import type { GrpcClient } from '@mediai/kit/grpc';
import type { CompteAEffacer } from '../personne/effacement.ts';

const instant = (date: Timestamp | undefined) => (date === undefined ? null : timestampDate(date));

/** What is asked of auth about a person's account. @throws AppError unavailable or deadline while auth is away */
export function createComptes({ client, jetonDeService }: { client: GrpcClient<typeof AuthService>; jetonDeService: () => Promise<string> }) {
  async function trouver(id: number): Promise<User | undefined> {
    const { users } = await client.getUsers({ ids: [id] }, { token: await jetonDeService() });
    return users.find((user) => user.id === id);
  }
  return {
    /** What decides whether it may be erased. */
    async aEffacer(id: number): Promise<CompteAEffacer | undefined> {
      const user = await trouver(id);
      const { postnom, contactNom } = user?.patientProfile ?? {};
      return user && { estSuperuser: user.isSuperuser, etablissementId: user.etablissementId, noms: [user.firstName, user.lastName, postnom, contactNom].filter((nom): nom is string => Boolean(nom)) };
    },
    /** All of it, under the contract's names. */
    async lire(id: number): Promise<Record<string, unknown> | undefined> {
      const user = await trouver(id);
      const patient = user?.patientProfile;
      const medecin = user?.medecinProfile;
      return user && {
        id: user.id, username: user.username, first_name: user.firstName, last_name: user.lastName, email: user.email ?? null, phone: user.phone ?? null, role: user.role, is_active: user.isActive,
        is_staff: user.isStaff, date_joined: instant(user.dateJoined), last_login: instant(user.lastLogin), etablissement_id: user.etablissementId,
        patient_profile: patient ? {
          date_of_birth: patient.dateOfBirth ?? null, phone_number: patient.phoneNumber ?? null, address: patient.address ?? null, postnom: patient.postnom ?? null, sexe: patient.sexe ?? null,
          avenue: patient.avenue ?? null, quartier: patient.quartier ?? null, commune: patient.commune ?? null,
          contact_nom: patient.contactNom ?? null, contact_telephone: patient.contactTelephone ?? null, contact_adresse: patient.contactAdresse ?? null,
        } : null,
        medecin_profile: medecin ? { specialty: medecin.specialty ?? null, phone_number: medecin.phoneNumber ?? null, address: medecin.address ?? null } : null,
      };
    },
    /** Closes an account with the admin's own token; one that is closed already is closed. */
    async fermer(id: number, token: string): Promise<void> {
      try {
        await client.deleteUser({ id }, { token });
      } catch (error) {
        if (!(error instanceof AppError && error.kind === 'not_found')) throw error;
      }
    },
  };
}
