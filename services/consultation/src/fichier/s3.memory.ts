import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const SIGNATURE = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/s3\/aws4_request, SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, Signature=[0-9a-f]{64}$/;

/** An S3 of one bucket, in memory, that speaks the wire protocol to the real SDK (path style). What it refuses or breaks is set by tests. */
export async function startS3({ bucket = 'mediai', accessKeyId = 'cle', region = 'eu' } = {}) {
  const objets = new Map<string, Buffer>();
  const envois = new Map<string, { cle: string; parties: Map<number, Buffer> }>();
  const sockets = new Set<Socket>();
  const etat = { objets, envois, demandes: [] as string[], refuser: (_demande: string): number | undefined => undefined, seTaire: false };

  async function repondre(demande: IncomingMessage, reponse: ServerResponse): Promise<void> {
    const url = new URL(demande.url ?? '/', 'http://s3');
    const [, seau = '', ...reste] = url.pathname.split('/').map(decodeURIComponent);
    const cle = reste.join('/');
    const quoi = [demande.method, ...['uploads', 'partNumber', 'uploadId'].filter((nom) => url.searchParams.has(nom))].join(' ');
    const corps = await lireTout(demande);
    etat.demandes.push(quoi);
    const faute = exigerSignature(demande, corps) ?? (seau === bucket ? undefined : 'NoSuchBucket');
    if (faute) return dire(reponse, faute === 'NoSuchBucket' ? 404 : 403, faute);
    const refus = etat.refuser(quoi);
    if (refus === 0) return void demande.socket.destroy();
    if (refus !== undefined) return dire(reponse, refus, refus === 503 ? 'SlowDown' : 'InternalError');
    const envoi = envois.get(url.searchParams.get('uploadId') ?? '');
    switch (quoi) {
      case 'PUT':
        objets.set(cle, corps);
        return void reponse.setHeader('etag', etag(corps)).end();
      case 'HEAD':
      case 'GET': {
        const objet = objets.get(cle);
        if (!objet) return dire(reponse, 404, 'NoSuchKey');
        reponse.setHeader('content-length', objet.byteLength).setHeader('etag', etag(objet));
        if (quoi === 'GET' && etat.seTaire) return void reponse.write(objet.subarray(0, 1));
        return void reponse.end(quoi === 'GET' ? objet : undefined);
      }
      case 'DELETE':
        objets.delete(cle);
        return void reponse.writeHead(204).end();
      case 'POST uploads': {
        const id = randomUUID();
        envois.set(id, { cle, parties: new Map() });
        return xml(reponse, `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${cle}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
      }
      case 'GET uploads': {
        const prefixe = url.searchParams.get('prefix') ?? '';
        const trouves = [...envois].filter(([, un]) => un.cle.startsWith(prefixe)).map(([id, un]) => `<Upload><Key>${un.cle}</Key><UploadId>${id}</UploadId></Upload>`);
        return xml(reponse, `<ListMultipartUploadsResult><Bucket>${bucket}</Bucket><IsTruncated>false</IsTruncated>${trouves.join('')}</ListMultipartUploadsResult>`);
      }
      case 'PUT partNumber uploadId':
        if (!envoi) return dire(reponse, 404, 'NoSuchUpload');
        envoi.parties.set(Number(url.searchParams.get('partNumber')), corps);
        return void reponse.setHeader('etag', etag(corps)).end();
      case 'POST uploadId':
        if (!envoi) return dire(reponse, 404, 'NoSuchUpload');
        objets.set(cle, Buffer.concat([...envoi.parties].toSorted(([a], [b]) => a - b).map(([, partie]) => partie)));
        envois.delete(url.searchParams.get('uploadId') ?? '');
        return xml(reponse, `<CompleteMultipartUploadResult><Key>${cle}</Key><ETag>"x"</ETag></CompleteMultipartUploadResult>`);
      case 'DELETE uploadId':
        envois.delete(url.searchParams.get('uploadId') ?? '');
        return void reponse.writeHead(204).end();
      default:
        return dire(reponse, 501, 'NotImplemented');
    }
  }

  function exigerSignature({ headers }: IncomingMessage, corps: Buffer): string | undefined {
    const [, cle, zone] = SIGNATURE.exec(headers.authorization ?? '') ?? [];
    if (cle !== accessKeyId || zone !== region || !headers['x-amz-date']) return 'SignatureDoesNotMatch';
    const empreinte = headers['x-amz-content-sha256'];
    const exacte = empreinte === 'UNSIGNED-PAYLOAD' || empreinte === createHash('sha256').update(corps).digest('hex');
    return exacte ? undefined : 'XAmzContentSHA256Mismatch';
  }

  const serveur = createServer((demande, reponse) => void repondre(demande, reponse).catch(() => demande.socket.destroy()));
  serveur.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((pret) => serveur.listen(0, '127.0.0.1', pret));
  return Object.assign(etat, {
    endpoint: `http://127.0.0.1:${(serveur.address() as AddressInfo).port}`,
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise((fini) => serveur.close(fini));
    },
  });
}

const etag = (octets: Buffer): string => `"${createHash('md5').update(octets).digest('hex')}"`;

async function lireTout(demande: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of demande) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function xml(reponse: ServerResponse, texte: string): void {
  reponse.setHeader('content-type', 'application/xml').end(`<?xml version="1.0" encoding="UTF-8"?>${texte}`);
}

function dire(reponse: ServerResponse, status: number, code: string): void {
  reponse.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
