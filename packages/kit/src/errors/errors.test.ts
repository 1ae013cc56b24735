import { describe, expect, test } from '@jest/globals';
import { AppError, errorMetadataKey, fromServiceError, httpStatus, invalid, invalidNamed, isAway, kinds, notFound, problemDocument, toServiceError, type ErrorKind } from './index.ts';

/** What the other side of a gRPC call reads. */
function crossGrpc(thrown: unknown): AppError {
  const { code, payload } = toServiceError(thrown);
  return fromServiceError({ code, metadata: { get: (key) => (key === errorMetadataKey ? [payload] : []) } });
}

describe('the two tables', () => {
  test.each(Object.keys(kinds) as ErrorKind[])('%s crosses gRPC and keeps its kind and HTTP status', (kind) => {
    const error = crossGrpc(new AppError(kind));
    expect(error.kind).toBe(kind);
    expect(httpStatus(error)).toBe(kinds[kind].http);
    expect(error.detail).toBe(kinds[kind].detail);
  });

  test('code, French detail, fields and delay cross gRPC', () => {
    const sent = new AppError('exhausted', 'envois.quota', 'Quota d’envois dépassé.', { fields: { téléphone: ['Déjà prévenu.'] }, retryAfterSeconds: 60 });
    const { code, detail, fields, retryAfterSeconds } = crossGrpc(sent);
    expect({ code, detail, fields, retryAfterSeconds }).toEqual({ code: 'envois.quota', detail: 'Quota d’envois dépassé.', fields: { téléphone: ['Déjà prévenu.'] }, retryAfterSeconds: 60 });
  });

  test('a huge set of fields stays under 32 kB on the wire', () => {
    const fields = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`champ_${index}`, ['é'.repeat(2_000)]]));
    const { payload } = toServiceError(new AppError('invalid', 'c'.repeat(5_000), 'é'.repeat(5_000), { fields }));
    expect(payload.toString('base64').length).toBeLessThan(32_000);
    expect(Object.keys(crossGrpc(new AppError('invalid', undefined, undefined, { fields })).fields ?? {})).toContain('champ_0');
  });
});

test('who is away is told from what went wrong', () => {
  expect([new AppError('unavailable'), new AppError('deadline'), notFound(), new AppError('internal'), new Error('unavailable')].map(isAway)).toEqual([true, true, false, false, false]);
});

describe('what is hidden', () => {
  test.each([new TypeError('Mwamba Kabila'), 'Mwamba Kabila', new AppError('internal', 'db', 'Mwamba Kabila', { cause: new Error('Mwamba Kabila') })])(
    'an unknown or internal error says nothing of itself',
    (thrown) => {
      const { details, payload } = toServiceError(thrown);
      expect(`${details}${payload.toString()}${JSON.stringify(problemDocument(thrown))}`).not.toContain('Mwamba');
      expect(problemDocument(thrown)).toMatchObject({ status: 500, code: 'erreur.interne' });
    },
  );

  test('text written by a transport or another server is never shown', () => {
    const error = fromServiceError({ code: 14, metadata: { get: () => ['connect ECONNREFUSED 10.0.0.1'] } });
    expect(error).toMatchObject({ kind: 'unavailable', code: 'service.indisponible', retryAfterSeconds: 2 });
    expect(error.detail).not.toContain('ECONNREFUSED');
  });
});

describe('problem documents', () => {
  test('each invalid field is a member with its messages, and detail names the first', () => {
    const problem = problemDocument(invalid({ motif_consultation: ['Ce champ est obligatoire.'], age: ['Trop grand.', 'Non entier.'] }), 'req-1');
    expect(problem).toEqual({
      type: 'about:blank',
      title: 'Requête invalide',
      status: 400,
      detail: 'motif_consultation : Ce champ est obligatoire.',
      code: 'requete.invalide',
      request_id: 'req-1',
      motif_consultation: ['Ce champ est obligatoire.'],
      age: ['Trop grand.', 'Non entier.'],
    });
  });

  test('messages that name their fields: the first of them is the detail as it stands, on either side of gRPC', () => {
    const error = invalidNamed({ postnom: ['« Post-nom » est obligatoire.'], pouls: ['« Pouls » : un nombre entier est attendu.'] }, 'fiche.invalide');
    for (const one of [error, crossGrpc(error)]) expect(problemDocument(one)).toMatchObject({ code: 'fiche.invalide', detail: '« Post-nom » est obligatoire.', postnom: ['« Post-nom » est obligatoire.'], pouls: ['« Pouls » : un nombre entier est attendu.'] });
  });

  test('object-level messages are under non_field_errors', () => {
    expect(problemDocument(invalid({ non_field_errors: ['Dates incohérentes.'] }))).toMatchObject({ detail: 'Dates incohérentes.', non_field_errors: ['Dates incohérentes.'] });
  });

  test('a field named like a member of RFC 9457 does not overwrite it', () => {
    expect(problemDocument(invalid({ status: ['Interdit.'] }))).toMatchObject({ status: 400, non_field_errors: ['status : Interdit.'] });
    expect(problemDocument(invalid({ title: ['Déjà pris.'] }))).toMatchObject({ title: ['Déjà pris.'], status: 400, detail: 'title : Déjà pris.' });
  });

  test('a missing object and one that is not yours read the same', () => {
    expect(problemDocument(notFound())).toMatchObject({ status: 404, code: 'ressource.introuvable' });
  });
});
