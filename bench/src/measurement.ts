/** People of the demonstration data, as they log in. */
export type Personne = 'patient' | 'medecin' | 'admin';

/** Services that own a database. */
export type DatabaseName = 'auth' | 'consultation' | 'appointments' | 'ia' | 'notifications';

/** What the control server does to a service or the sandbox (`ready` waits; `pause` and `resume` are SIGSTOP and SIGCONT). */
export type ServiceDeed = 'kill' | 'stop' | 'start' | 'ready' | 'pause' | 'resume';

/** What the control server does to a part. */
export type PartDeed = 'kill' | 'stop' | 'start' | 'pause' | 'resume';

/** A running service, as the launcher tells it. `databaseUrl` is of its application role; the gateway has none. */
export type ServiceState = { pid: number; restarts: number; logFile: string; internalUrl: string; grpc: string; databaseUrl?: string };

/** The suite that `npm run bench` has started for its measurements, and what they need of it. */
export type Bench = {
  /** Without a slash at the end; the API is below `/api/v1`. */
  gatewayUrl: string;
  sandboxUrl: string;
  /** The suite's own folder: `logs/`, `data/`, `files/`. */
  stateDir: string;
  kafkaBrokers: string;
  redisUrl: string;
  /** The superuser's URL. */
  postgresUrl: string;
  /** The superuser's URL of a service's database: to prepare rows outside of the measured time, and to count. */
  databaseUrl(name: DatabaseName): string;
  /** The launcher's word of each service now: ask again after a `kill`, `stop` or `start`. */
  services(): Promise<Record<string, ServiceState>>;
  /** Pids now, by name: the six services, postgres, kafka, redis. Those that do not run are missing. */
  pids(): Promise<Record<string, number>>;
  /** Does it and returns when it is done. */
  service(name: string, deed: ServiceDeed): Promise<void>;
  part(name: 'postgres' | 'redis' | 'kafka', deed: PartDeed): Promise<void>;
  /** An access token that lives for a minute at least. */
  token(who: Personne): Promise<string>;
  /** Says something while it measures. */
  log(line: string): void;
  /** Short measurements: the whole of `--quick` takes under three minutes. */
  quick: boolean;
};

/** What a measurement found: Markdown to read, JSON to keep and to compare. */
export type Found = { table: string; json: unknown };

/** One measurement, listed in measurements.ts. It leaves the suite as it found it (running, nothing paused). */
export type Measurement = {
  /** What `--only` calls it. */
  name: string;
  /** The heading of its table. */
  title: string;
  /** Runs only where `--only` names it. */
  byNameOnly?: boolean;
  /** Runs before the rows, on a suite that has done nothing yet. */
  beforeRows?: boolean;
  /** Is left out of `--quick`. */
  notQuick?: boolean;
  run(bench: Bench): Promise<Found>;
};
