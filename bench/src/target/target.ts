/** Who is measured: the suite, and what it is compared with. */
export type TargetName = 'floor' | 'hop' | 'suite';

/** A server that answers the same requests over the same databases. */
export type Target = {
  name: TargetName;
  /** Without a slash at the end. */
  url: string;
  /** Processes whose CPU its answers cost, by name: its own, and the parts that it uses. */
  pids(): Promise<Record<string, number>>;
  /** Node processes of its own, with the files that take what they say. */
  nodes(): Promise<Record<string, { pid: number; logFile: string }>>;
};
