import type { Profiles } from '../rows/measure-rows.ts';
import { percent } from './cells.ts';

/** The dearest frames of each process, by row and server, as lists. */
export function profilesReport(profiles: Profiles): string {
  return Object.entries(profiles).flatMap(([row, servers]) =>
    Object.entries(servers).flatMap(([server, processes]) =>
      Object.entries(processes).filter(([, frames]) => frames.length > 0).map(([process, frames]) =>
        [`#### ${row}, ${server}: ${process}`, '', ...frames.map(({ name, at, share }) => `- ${percent(share)} \`${name}\`${at ? ` ${at}` : ''}`), ''].join('\n')))).join('\n');
}
