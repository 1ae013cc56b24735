import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Horloge } from '../fiche/ports.ts';

/** How long an address is the same, and how long it is then still good: a page that was just read shows its image. */
const PAS_MS = 5 * 60_000;
const GRACE_MS = 10 * 60_000;
const ID_OCTETS = 16;
const CORPS_OCTETS = ID_OCTETS + 4;
const SCEAU_OCTETS = 24;

/**
 * Addresses under which a signature can be seen without a token, as `<img>` asks for it: the file's id and its end in
 * seconds, under a seal (HMAC-SHA256). Nobody can make one, and one that was passed on ends within 15 minutes.
 * @param publicUrl where people reach the suite
 */
export function createJetonsSignature({ cle, publicUrl, clock }: { cle: string; publicUrl: string; clock: Horloge }) {
  const sceau = (corps: Buffer): Buffer => createHmac('sha256', cle).update(corps).digest().subarray(0, SCEAU_OCTETS);

  return {
    /** The same within five minutes. */
    adresse(fichierId: string): string {
      const fin = Math.ceil((clock().getTime() + 1) / PAS_MS) * PAS_MS + GRACE_MS;
      const corps = Buffer.alloc(CORPS_OCTETS);
      corps.write(fichierId.replaceAll('-', ''), 'hex');
      corps.writeUInt32BE(fin / 1000, ID_OCTETS);
      return `${publicUrl.replace(/\/$/, '')}/api/v1/signatures/${Buffer.concat([corps, sceau(corps)]).toString('base64url')}/`;
    },
    /** The file's id; undefined for one that is not ours or has ended. */
    lire(jeton: string): string | undefined {
      const octets = Buffer.from(jeton, 'base64url');
      if (octets.byteLength !== CORPS_OCTETS + SCEAU_OCTETS || octets.toString('base64url') !== jeton) return undefined;
      const corps = octets.subarray(0, CORPS_OCTETS);
      if (!timingSafeEqual(octets.subarray(CORPS_OCTETS), sceau(corps))) return undefined;
      if (corps.readUInt32BE(ID_OCTETS) * 1000 < clock().getTime()) return undefined;
      return corps.toString('hex', 0, ID_OCTETS).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}

export type JetonsSignature = ReturnType<typeof createJetonsSignature>;
