import type { Row } from './row.ts';
import { CHAMPS } from './table-champs.ts';
import { COMPTES } from './table-comptes.ts';
import { DOCUMENT } from './table-document.ts';
import { DOSSIER } from './table-dossier.ts';
import { DOSSIERS, ENTRE_SERVICES } from './table-dossiers.ts';
import { EXPORTS_ET_EFFACEMENTS } from './table-exports.ts';
import { FICHIERS } from './table-fichiers.ts';
import { NOTIFICATIONS } from './table-notifications.ts';

/** Who may do what, by route and by method: what the contract says, whatever the code answers. */
export const TABLE: readonly Row[] = [...CHAMPS, ...COMPTES, ...DOSSIERS, ...DOSSIER, ...DOCUMENT, ...EXPORTS_ET_EFFACEMENTS, ...FICHIERS, ...NOTIFICATIONS, ...ENTRE_SERVICES];
