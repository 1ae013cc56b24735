import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { GoogleGenAI } from '@google/genai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { PROMPT_HTA, PROMPT_PALUDISME, schemaSynthese, schemaVoix } from './fixtures.ts';
import { startSandbox, type Call, type Fault, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
let openai: OpenAI;
let anthropic: Anthropic;
let google: GoogleGenAI;

beforeAll(async () => {
  sandbox = await startSandbox();
  openai = new OpenAI({ apiKey: 'cle', baseURL: `${sandbox.url}/openai/v1`, maxRetries: 0, timeout: 5000 });
  anthropic = new Anthropic({ apiKey: 'cle', baseURL: `${sandbox.url}/anthropic`, maxRetries: 0, timeout: 5000 });
  // An explicit fetch: without it the SDK looks for Undici's global dispatcher, which jest's realm does not have.
  google = new GoogleGenAI({ apiKey: 'cle', httpOptions: { baseUrl: `${sandbox.url}/google`, timeout: 5000, fetch } });
});
afterEach(async () => {
  await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
  await fetch(`${sandbox.url}/sandbox/ledger`, { method: 'DELETE' });
});
afterAll(() => sandbox.close());

const setFault = async (fault: Fault): Promise<void> => {
  const reponse = await fetch(`${sandbox.url}/sandbox/faults`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) });
  expect(reponse.status).toBe(200);
};
const calls = async (query = ''): Promise<Call[]> => ((await (await fetch(`${sandbox.url}/sandbox/ledger${query}`)).json()) as { calls: Call[] }).calls;

type Voix = z.infer<typeof schemaVoix>;
const askOpenai = async (input: string): Promise<Voix> => {
  const r = await openai.responses.parse({ model: 'gpt-test', instructions: 'Tu es médecin.', input, text: { format: zodTextFormat(schemaVoix, 'avis') } });
  return schemaVoix.parse(r.output_parsed);
};
const askAnthropic = async (content: string): Promise<Voix> => {
  const r = await anthropic.messages.parse({ model: 'claude-test', max_tokens: 4096, system: 'Tu es médecin.', messages: [{ role: 'user', content }], output_config: { format: zodOutputFormat(schemaVoix) } });
  return schemaVoix.parse(r.parsed_output);
};
const askGoogle = async (contents: string): Promise<Voix> => {
  const r = await google.models.generateContent({ model: 'gemini-test', contents, config: { systemInstruction: 'Tu es médecin.', responseMimeType: 'application/json', responseJsonSchema: z.toJSONSchema(schemaVoix) } });
  return schemaVoix.parse(JSON.parse(r.text ?? ''));
};
const VOIX = { openai: askOpenai, anthropic: askAnthropic, google: askGoogle };

describe.each(Object.entries(VOIX))('the stand-in of %s through its SDK', (nom, ask) => {
  test('answers the voice schema from the content of the fiche', async () => {
    const avis = await ask(PROMPT_PALUDISME);
    expect(avis.hypotheses[0]).toMatchObject({ libelle: 'Paludisme simple', cim10: 'B54' });
    const champs = avis.hypotheses.flatMap((h) => [...h.arguments_pour, ...h.arguments_contre]).map((a) => a.champ);
    expect(champs).toContain('temperature');
    for (const champ of champs) expect(PROMPT_PALUDISME).toMatch(new RegExp(`^${champ}:`, 'mu'));
    expect(avis.traitements.map((t) => t.medicament)).toContain('artéméther-luméfantrine');
    expect(avis.informations_manquantes).toContain('saturation en oxygène');
    expect(avis.informations_manquantes).not.toContain('température');
    expect(JSON.stringify([avis.education, avis.references])).toContain('SIMULATION');
  });

  test('follows another fiche to another answer', async () => {
    const avis = await ask(PROMPT_HTA);
    expect(avis.hypotheses[0]?.cim10).toBe('I10');
    expect(avis.urgence).toBe('jaune');
  });

  test.each([[429, 7], [500, undefined], [503, undefined]])('a status fault %i reaches the SDK as that status, once', async (status, retryAfter) => {
    await setFault({ provider: nom as Fault['provider'], kind: 'status', status, count: 1, ...(retryAfter ? { retryAfter } : {}) });
    await expect(ask(PROMPT_HTA)).rejects.toMatchObject({ status });
    await expect(ask(PROMPT_HTA)).resolves.toBeDefined();
    expect((await calls(`?provider=${nom}`)).map((c) => [c.status, c.outcome])).toEqual([[status, 'refused'], [200, 'answered']]);
  });

  test.each(['garbage', 'schema_invalid', 'drop_after_accept'] as const)('a fault %s makes the call fail', async (kind) => {
    await setFault({ provider: '*', kind });
    await expect(ask(PROMPT_HTA)).rejects.toThrow();
    expect((await calls()).map((c) => [c.provider, c.fault])).toEqual([[nom, kind]]);
  });

  test('the three agree on the main hypothesis and differ in their figures', async () => {
    const tous = await Promise.all(Object.values(VOIX).map((f) => f(PROMPT_PALUDISME)));
    expect(new Set(tous.map((a) => a.hypotheses[0]?.cim10)).size).toBe(1);
    expect(new Set(tous.map((a) => a.hypotheses[0]?.probabilite)).size).toBe(3);
  });
});

describe('streaming', () => {
  test('openai streams the synthesis to the same parsed answer', async () => {
    const flux = openai.responses.stream({ model: 'gpt-test', input: PROMPT_PALUDISME, text: { format: zodTextFormat(schemaSynthese, 'synthese') } });
    let texte = '';
    for await (const event of flux) if (event.type === 'response.output_text.delta') texte += event.delta;
    const fin = await flux.finalResponse();
    expect(fin.output_text).toBe(texte);
    expect(fin.output_parsed?.synthese_clinique).toMatch(/^SIMULATION — .*Paludisme simple/u);
    expect(fin.usage?.output_tokens).toBeGreaterThan(0);
  });

  test('anthropic streams the synthesis to the same parsed answer', async () => {
    const flux = anthropic.messages.stream({ model: 'claude-test', max_tokens: 2000, messages: [{ role: 'user', content: [{ type: 'text', text: PROMPT_PALUDISME }] }], output_config: { format: zodOutputFormat(schemaSynthese) } });
    let texte = '';
    flux.on('text', (delta) => { texte += delta; });
    const fin = await flux.finalMessage();
    expect(fin.stop_reason).toBe('end_turn');
    expect(schemaSynthese.parse(JSON.parse(texte)).traitement).toContain('artéméther-luméfantrine');
    expect(fin.parsed_output?.references).toMatch(/^SIMULATION — /u);
  });

  test('google streams prose when no schema is asked', async () => {
    const flux = await google.models.generateContentStream({ model: 'gemini-test', contents: [{ role: 'user', parts: [{ text: PROMPT_HTA }] }] });
    const morceaux: string[] = [];
    for await (const c of flux) morceaux.push(c.text ?? '');
    expect(morceaux.length).toBeGreaterThan(3);
    expect(morceaux.join('')).toMatch(/## Synthèse clinique\nSIMULATION — .*Hypertension artérielle/u);
  });

  test('google answers v1beta too', async () => {
    const beta = new GoogleGenAI({ apiKey: 'cle', httpOptions: { baseUrl: `${sandbox.url}/google`, apiVersion: 'v1beta', fetch } });
    expect((await beta.models.generateContent({ model: 'gemini-test', contents: PROMPT_HTA })).text).toContain('SIMULATION');
  });

  test.each([
    ['openai', async () => { for await (const _ of await openai.responses.create({ model: 'm', input: PROMPT_HTA, stream: true })) continue; }],
    ['anthropic', () => anthropic.messages.stream({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: PROMPT_HTA }] }).finalMessage()],
    ['google', async () => { for await (const _ of await google.models.generateContentStream({ model: 'm', contents: PROMPT_HTA })) continue; }],
  ] as const)('a stream of %s that is dropped halfway is an error', async (provider, ask) => {
    await setFault({ provider, kind: 'drop_after_accept' });
    await expect(ask()).rejects.toThrow();
    expect((await calls()).map((c) => c.outcome)).toEqual(['dropped']);
  });
});

describe('requests', () => {
  test('a synthesis keeps to the hypotheses that the prompt names, in their order', async () => {
    const r = await openai.responses.parse({ model: 'm', input: 'Table :\n1. Pneumonie communautaire (J18.9), 3 voix\n2. Paludisme simple (B54), 1 voix', text: { format: zodTextFormat(schemaSynthese, 'synthese') } });
    expect(r.output_parsed?.diagnostics_differentiels).toBe('SIMULATION — 1. Pneumonie communautaire (J18.9) ; 2. Paludisme simple (B54)');
  });

  test('a hang lasts until the caller leaves, and the ledger says so', async () => {
    await setFault({ provider: 'anthropic', kind: 'hang' });
    await expect(anthropic.messages.create({ model: 'm', max_tokens: 10, messages: [{ role: 'user', content: 'fièvre' }] }, { timeout: 150 })).rejects.toThrow(/timed out/u);
    for (let essai = 0; essai < 100 && (await calls())[0]?.outcome === 'pending'; essai += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await calls()).map((c) => c.outcome)).toEqual(['aborted']);
  });

  test('latency delays the answer by so much', async () => {
    await setFault({ provider: 'google', kind: 'latency', latencyMs: 200 });
    const debut = performance.now();
    await askGoogle(PROMPT_HTA);
    expect(performance.now() - debut).toBeGreaterThanOrEqual(195);
  });

  test('missing keys and parameters are refused as the vendors do', async () => {
    const nu = (chemin: string, body: unknown, headers = {}) => fetch(`${sandbox.url}${chemin}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }).then((r) => r.status);
    await expect(nu('/openai/v1/responses', { model: 'm', input: 'x' })).resolves.toBe(401);
    await expect(nu('/anthropic/v1/messages', { model: 'm' })).resolves.toBe(401);
    await expect(nu('/google/v1/models/m:generateContent', {})).resolves.toBe(403);
    await expect(nu('/google/v1/models/m:countTokens', {}, { 'x-goog-api-key': 'k' })).resolves.toBe(404);
    await expect(nu('/anthropic/v1/messages', { model: 'm', max_tokens: 5, temperature: 0, messages: [{ role: 'user', content: 'x' }] }, { authorization: 'Bearer k' })).resolves.toBe(400);
  });

  test('the ledger keeps model, body, status and response id, and filters by provider and instant', async () => {
    const r = await openai.responses.create({ model: 'gpt-test', input: PROMPT_HTA });
    await anthropic.messages.create({ model: 'claude-test', max_tokens: 10, messages: [{ role: 'user', content: 'toux' }] });
    const [premier, second] = await calls();
    expect(premier).toMatchObject({ provider: 'openai', operation: 'create', model: 'gpt-test', status: 200, responseId: r.id, outcome: 'answered', request: { input: PROMPT_HTA } });
    expect((await calls('?provider=anthropic')).map((c) => c.id)).toEqual([second?.id]);
    expect((await calls(`?since=${premier?.id}`)).map((c) => c.id)).toEqual([second?.id]);
    expect(await calls(`?since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
  });

  test('an unknown fault is refused', async () => {
    const reponse = await fetch(`${sandbox.url}/sandbox/faults`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"provider":"openai","kind":"inconnu"}' });
    expect(reponse.status).toBe(400);
  });
});
