import { unauthenticated } from '../errors/index.ts';

export type Role = 'patient' | 'medecin' | 'service';

/** Who calls. A service has id 0, its name in `service`, and stands for no établissement (0). */
export type Acteur = {
  id: number;
  role: Role;
  /** `is_staff`: an admin, whatever the role. */
  estAdmin: boolean;
  estSuperuser: boolean;
  approuve: boolean;
  etablissementId: number;
  service?: string;
  /** The access token itself, to be passed on in calls made for this actor. */
  token: string;
};

const maxId = 2 ** 31 - 1;

/** Maps the claims of a verified access token; throws `unauthenticated` when they are not those of a user or a service. */
export function readActeur(claims: Record<string, unknown>, token: string): Acteur {
  const subject = String(claims['sub']);
  const flags = { estAdmin: claims['is_staff'] === true, estSuperuser: claims['is_superuser'] === true };
  const service = /^service:([a-z][a-z0-9-]{0,40})$/.exec(subject)?.[1];
  if (claims['role'] === 'service' && service) {
    return { id: 0, role: 'service', estAdmin: false, estSuperuser: false, approuve: true, etablissementId: 0, service, token };
  }
  const id = /^[1-9]\d{0,9}$/.test(subject) ? Number(subject) : 0;
  const etablissementId = claims['etablissement_id'];
  const role = claims['role'];
  if (!isId(id) || !isId(etablissementId) || (role !== 'patient' && role !== 'medecin')) throw unauthenticated();
  return { id, role, ...flags, approuve: claims['approuve'] === true, etablissementId, token };
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= maxId;
}
