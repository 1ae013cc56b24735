import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';

export type Options = {
  /** The original's database. */
  url: string;
  /** False: a dry run. */
  apply: boolean;
  /** Only make new ids begin above the original's. */
  reserve: boolean;
  etablissementId: number;
  approveMedecins: boolean;
  /** Where the report goes. */
  report: string | undefined;
  /** The folder of the original's files (its MEDIA_ROOT); without it files stay where they are. */
  media: string | undefined;
  /** Reports of what was imported before: what they left out counts as missing. */
  after: string[];
};

export const usage = `django <url of its database> [--apply] [--etablissement <id>] [--approve-medecins yes|no] [--media <folder>] [--report <file>]`;

/** What the command line asks for, or what is wrong with it. The url may come by `DJANGO_DATABASE_URL`, which no list of processes shows. */
export function readOptions(argv: readonly string[], env: Record<string, string | undefined>): Options | { fault: string } {
  let read;
  try {
    read = parseArgs({
      args: [...argv], allowPositionals: true,
      options: {
        apply: { type: 'boolean', default: false }, reserve: { type: 'boolean', default: false }, etablissement: { type: 'string', default: '1' },
        'approve-medecins': { type: 'string', default: 'yes' }, report: { type: 'string' }, media: { type: 'string' }, after: { type: 'string', multiple: true, default: [] },
      },
    });
  } catch (error) {
    return { fault: (error as Error).message.split('\n')[0] ?? '' };
  }
  const { values, positionals: [original, url = env['DJANGO_DATABASE_URL'] ?? '', ...rest] } = read;
  if (original !== 'django') return { fault: 'Only "django" can be imported.' };
  if (rest.length > 0) return { fault: 'There are too many arguments.' };
  if (!/^postgres(ql)?:\/\/\S+$/.test(url)) return { fault: 'The url of a PostgreSQL database is needed: postgresql://user:password@host:port/name.' };
  const etablissementId = Number(values.etablissement);
  if (!Number.isSafeInteger(etablissementId) || etablissementId < 1 || etablissementId > 2_147_483_647) return { fault: '--etablissement must be the id of an établissement.' };
  if (!['yes', 'no'].includes(values['approve-medecins'])) return { fault: '--approve-medecins must be yes or no.' };
  if (values.media !== undefined && !isFolder(values.media)) return { fault: '--media must be the folder of the original\'s files.' };
  return { url, apply: values.apply, reserve: values.reserve, etablissementId, approveMedecins: values['approve-medecins'] === 'yes', report: values.report, media: values.media, after: values.after };
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
