import type { InjectOptions } from 'fastify';

const BOUNDARY = '----mediai-essai';

export type Part = { name: string; value: string | Uint8Array; file?: string; type?: string };

/** A form as bytes; `fin` false leaves its last boundary away, as a line that was cut does. */
export function multipart(parts: Part[], { fin = true, boundary = BOUNDARY }: { fin?: boolean; boundary?: string } = {}): Pick<InjectOptions, 'payload' | 'headers'> & { payload: Buffer } {
  const pieces = parts.flatMap(({ name, value, file, type = 'application/octet-stream' }) => [
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file === undefined ? '' : `; filename="${file}"\r\ncontent-type: ${type}`}\r\n\r\n`),
    Buffer.from(value as Uint8Array),
    Buffer.from('\r\n'),
  ]);
  return { payload: Buffer.concat([...pieces, ...(fin ? [Buffer.from(`--${boundary}--\r\n`)] : [])]), headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` } };
}
