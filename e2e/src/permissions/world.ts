import { createCompte, createEtablissement, type Compte, type Sorte } from '../accounts.ts';
import { call, loginSuperuser } from '../client.ts';

/**
 * Who asks, in the order of the table's statuses. `medecinCollegue` is a médecin of the établissement whose object is
 * assigned to a colleague; `medecinLibre` is the same one, whose object is assigned to nobody.
 */
export const COLUMNS = ['anonyme', 'autrePatient', 'proprietaire', 'medecinEnAttente', 'medecinAilleurs', 'medecinCollegue', 'medecinLibre', 'medecinAssigne', 'adminAilleurs', 'admin', 'superuser'] as const;
export type Column = (typeof COLUMNS)[number];
type Someone = Exclude<Column, 'anonyme'>;

/** Whence all cells ask: their wrong codes and secrets make nobody else wait. */
export const ADRESSE = `198.51.100.${Math.floor(Math.random() * 256)}`;

export interface World {
  /** Token of a superuser outside the table. */
  readonly superuser: string;
  /** The établissement of the objects, where no model is asked (consent is explicit, nobody gives it), and another. */
  readonly ici: number;
  readonly ailleurs: number;
  readonly acteurs: Readonly<Record<Someone, Compte>>;
  /** Patients of the other établissement, and of the superuser's. */
  readonly patientAilleurs: Compte;
  readonly patientDuSuperuser: Compte;
  /** A fresh account of a column's sort. */
  readonly jetable: (column: Someone) => Promise<Compte>;
}

/** Two établissements and one account for every column. An admin here is one by `is_staff` alone, there a médecin as well. */
export async function createWorld(): Promise<World> {
  const superuser = await loginSuperuser();
  const [ici, ailleurs] = await Promise.all([createEtablissement(superuser, { consentement_ia: 'explicite' }), createEtablissement(superuser, { consentement_ia: 'explicite' })]);
  const medecin = { role: 'medecin', etablissement: ici } as const;
  const sortes: Record<Someone, Sorte> = {
    autrePatient: { role: 'patient', etablissement: ici },
    proprietaire: { role: 'patient', etablissement: ici },
    medecinEnAttente: { ...medecin, enAttente: true },
    medecinAilleurs: { role: 'medecin', etablissement: ailleurs },
    medecinCollegue: medecin,
    medecinLibre: medecin,
    medecinAssigne: medecin,
    adminAilleurs: { role: 'medecin', admin: true, etablissement: ailleurs },
    admin: { role: 'patient', admin: true, etablissement: ici },
    superuser: { role: 'medecin', admin: true, superuser: true },
  };
  const create = (column: Someone): Promise<Compte> => createCompte(superuser, sortes[column]);
  const made = await Promise.all((Object.keys(sortes) as Someone[]).map(async (column) => [column, await create(column)] as const));
  const acteurs = Object.fromEntries(made) as Record<Someone, Compte>;
  // Many logins of one account at once are guesses, unless it has logged in from there before.
  const { username, password } = acteurs.proprietaire;
  await call('POST', '/api/v1/auth/token/', { body: { username, password }, headers: { 'x-forwarded-for': ADRESSE } });
  return {
    superuser,
    ici,
    ailleurs,
    acteurs: { ...acteurs, medecinLibre: acteurs.medecinCollegue },
    patientAilleurs: await createCompte(superuser, { role: 'patient', etablissement: ailleurs }),
    patientDuSuperuser: await createCompte(superuser, { role: 'patient' }),
    jetable: create,
  };
}
