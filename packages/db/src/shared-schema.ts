import type { ServiceName } from './service-databases.ts';

/** Services whose rows hang on fiches of another service. */
const servicesProjectingFiches: readonly ServiceName[] = ['appointments', 'ia', 'notifications'];

const header = '// Written by `npm run generate` from packages/db/src/shared-schema.ts; not edited by hand.\n';

const common = `
/// Events to be published, written in the transaction of what they tell.
model Outbox {
  id          BigInt    @id @default(autoincrement())
  event_id    String    @unique @db.Uuid
  topic       String
  key         String
  /// Full name of the message type.
  type        String
  /// The encoded message; null is a tombstone of a compacted topic.
  payload     Bytes?
  traceparent String?
  /// W3C baggage that travels beside the trace: in what quality somebody acted and where, never who.
  baggage     String?
  occurred_at DateTime  @default(now()) @db.Timestamptz(3)
  sent_at     DateTime? @db.Timestamptz(3)

  @@map("outbox")
}

/// Events that have had their effect, by consumer.
model Inbox {
  consumer    String
  event_id    String   @db.Uuid
  received_at DateTime @default(now()) @db.Timestamptz(3)

  @@id([consumer, event_id])
  @@index([received_at])
  @@map("inbox")
}

/// Who did what to what; the app may only add and read.
model Audit {
  id               BigInt   @id @default(autoincrement())
  le               DateTime @default(now()) @db.Timestamptz(3)
  acteur_id        Int?
  acteur_role      String
  action           String
  objet_type       String
  objet_id         String
  etablissement_id Int?
  adresse          String?
  request_id       String?
  /// ok, refus or echec.
  issue            String
  raison           String?

  @@index([objet_type, objet_id, id])
  @@index([acteur_id, id])
  @@map("audit")
}

/// First answers of calls that carry an idempotency key.
model Idempotence {
  acteur_id  Int
  route      String
  cle        String
  /// HMAC of the request's body.
  corps_hash Bytes
  /// Status of the answer; null while in flight.
  statut     Int?
  reponse    Bytes?
  created_at DateTime @default(now()) @db.Timestamptz(3)

  @@id([acteur_id, route, cle])
  @@index([created_at])
  @@map("idempotence")
}
`;

const users = `
/// What auth says of its users.
model UserProjection {
  id               Int      @id
  username         String
  first_name       String
  last_name        String
  role             String
  is_staff         Boolean
  is_active        Boolean
  approuve         Boolean
  specialty        String?
  is_available     Boolean
  phone            String?
  etablissement_id Int
  version          Int
  updated_at       DateTime @default(now()) @db.Timestamptz(3)

  @@map("user_projection")
}
`;

const fiches = `
/// What consultation says of its fiches: identifiers and states.
model FicheProjection {
  id                    Int      @id
  numero_dossier        String
  user_id               Int?
  assigned_medecin_id   Int?
  etablissement_id      Int
  status                String
  version               Int
  published_analyse_ids Int[]
  deleted               Boolean  @default(false)
  updated_at            DateTime @default(now()) @db.Timestamptz(3)

  @@index([user_id])
  @@index([assigned_medecin_id])
  @@map("fiche_projection")
}
`;

const importees = `
/// Rows taken over from another system, under the id that they had there.
model ImportedRow {
  /// Its table there, and by it its kind here.
  objet      String
  id         Int
  importe_le DateTime @default(now()) @db.Timestamptz(3)

  @@id([objet, id])
  @@map("imported_row")
}
`;

/** The models that every service's database has, in Prisma's language. */
export function sharedSchema(service: ServiceName): string {
  return [header, common, service === 'auth' ? '' : users, servicesProjectingFiches.includes(service) ? fiches : '', service === 'notifications' ? '' : importees].join('');
}

/** Generator and data source of every service; the connection is given in code, so there is no url. */
export function datasourceSchema(): string {
  return `${header}
generator client {
  provider            = "prisma-client"
  output              = "../../src/generated/prisma"
  runtime             = "nodejs"
  moduleFormat        = "esm"
  importFileExtension = "ts"
}

datasource db {
  provider = "postgresql"
}
`;
}

/** Configuration of the prisma command in a service's folder. */
export function prismaConfig(): string {
  return `// Written by \`npm run generate\` from packages/db/src/shared-schema.ts; not edited by hand.
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
`;
}
