import { CHAMPS } from '@mediai/fiche';
import { Prisma, type FicheConsultation } from '../generated/prisma/client.ts';
import { RANG_URGENCE, type Changement, type Fiche } from './fiche.ts';

const JOURS = [...CHAMPS.filter(({ type }) => type === 'date').map(({ nom }) => nom), 'date_consultation'];
const HEURES = ['heure_debut', 'heure_fin'] as const;
const JSONS = ['signes_alerte', 'valeurs_a_verifier', 'news2'] as const;

/** What the table knows of a fiche and the domain does not. */
const INTERNES: readonly string[] = ['deleted_at', 'urgence_rang'];

/** All columns of the table. */
export const COLONNES: readonly string[] = Object.keys(Prisma.FicheConsultationScalarFieldEnum);

/** The columns of a fiche, of the table `fiche`: what `db.sql` reads by these is a `Fiche` as it stands. */
export const COLONNES_FICHE = COLONNES.filter((nom) => !INTERNES.includes(nom)).map((nom) => `fiche."${nom}"`).join(', ');

/** A row of `fiche_consultation`, read by Prisma, as the domain reads it: days and times as text. */
export function versFiche(row: FicheConsultation): Fiche {
  const { deleted_at: _, urgence_rang: __, ...colonnes } = row;
  const fiche: Record<string, unknown> = colonnes;
  for (const nom of JOURS) fiche[nom] = (fiche[nom] as Date | null)?.toISOString().slice(0, 10) ?? null;
  for (const nom of HEURES) fiche[nom] = row[nom]?.toISOString().slice(11, 19) ?? null;
  return fiche as unknown as Fiche;
}

/** Columns of a fiche as JSON, from which PostgreSQL makes its row. */
export function enLigne(colonnes: Changement & { deleted_at?: Date | null }): string {
  return JSON.stringify(colonnes.urgence ? { ...colonnes, urgence_rang: RANG_URGENCE[colonnes.urgence] } : colonnes);
}

/** A change of a fiche as columns; Prisma's types of a hundred columns are met by construction (one table of fields). */
export function versColonnes(changement: Changement | Omit<Fiche, 'id'>): Prisma.FicheConsultationUncheckedCreateInput {
  const colonnes: Record<string, unknown> = { ...changement };
  for (const nom of JOURS) if (typeof colonnes[nom] === 'string') colonnes[nom] = new Date(`${colonnes[nom]}T00:00:00Z`);
  for (const nom of HEURES) if (typeof colonnes[nom] === 'string') colonnes[nom] = new Date(`1970-01-01T${colonnes[nom]}Z`);
  for (const nom of JSONS) if (colonnes[nom] === null) colonnes[nom] = Prisma.DbNull;
  if (changement.urgence) colonnes['urgence_rang'] = RANG_URGENCE[changement.urgence];
  return colonnes as unknown as Prisma.FicheConsultationUncheckedCreateInput;
}
