/** Names of the services whose databases are read and written here. */
export const DATABASES = ['auth', 'consultation', 'ia', 'appointments', 'notifications'] as const;
export type DatabaseName = (typeof DATABASES)[number];

export interface Settings {
  /** PostgreSQL addresses of the suite's own databases, with the rights of its services. */
  readonly databases: Record<DatabaseName, string>;
  /** Where the suite publishes the keys of its tokens. */
  readonly jwksUrl: string;
  /** Where people reach the suite: the addresses of signatures begin so. */
  readonly publicUrl: string;
  /** consultation's SERVICE_SECRET, with which addresses of signatures are sealed; without it a signed fiche is refused. */
  readonly consultationSecret: string | undefined;
  /** Emergency number where an établissement has none. */
  readonly telephoneUrgence: string | null;
}

/** A variable that must be there. @throws Error naming it */
export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
}

/** A TCP port of 127.0.0.1. @throws Error naming the variable */
export function readPort(name: string): number {
  const port = Number(required(name));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${name} is no port`);
  return port;
}

/** The settings that floor and hop share. @throws Error naming what is missing */
export function readSettings(): Settings {
  const databases = JSON.parse(required('FLOOR_DATABASES')) as Settings['databases'];
  const missing = DATABASES.filter((name) => !databases[name]);
  if (missing.length > 0) throw new Error(`FLOOR_DATABASES lacks ${missing.join(', ')}`);
  return {
    databases,
    jwksUrl: required('FLOOR_JWKS_URL'),
    publicUrl: process.env['MEDIAI_PUBLIC_URL'] || 'http://localhost:8000',
    consultationSecret: process.env['FLOOR_CONSULTATION_SECRET'] || undefined,
    telephoneUrgence: process.env['MEDIAI_URGENCE_TELEPHONE'] || null,
  };
}
