import { afterAll, describe, expect, it } from '@jest/globals';
import { ownRoot, readJson } from './repository.ts';
import { createTestRepository, removeTestRepositories } from './repository.memory.ts';
import { findSecrets, historicTexts, secretFaults, trackedTexts, type NoSecret } from './secrets.ts';

afterAll(removeTestRepositories);

/** Put together here, so that no file of ours holds what looks like one. */
const planted: [string, string][] = [
  ['a key of AWS', `aws_secret_access_key = ${'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzz'}${'zzKEY'}`],
  ['a token of GitHub', `token: ${'ghp_'}${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`],
  ['a private key', `-----BEGIN RSA ${'PRIVATE KEY'}-----\n${'MIIEpAIBAAKCAQEA'.repeat(8)}\n-----END RSA PRIVATE KEY-----`],
  ['a key of OpenAI', `OPENAI_API_KEY=${'sk-proj-'}${'a1B2'.repeat(18)}-a${'T3Blbk'}FJ${'c3D4'.repeat(18)}ef`],
  ['a password in an address', `${'postgres'}://medi:h4rd2Gu3ss@db.internal.example.org:5432/consultation`],
];

describe('secrets', () => {
  it('stand in no file of this checkout', async () => {
    const texts = await trackedTexts(ownRoot);
    expect(texts.length).toBeGreaterThan(500);
    expect(secretFaults(await findSecrets(texts), readJson<NoSecret[]>(ownRoot, 'tools/release/secrets-allow.json'))).toEqual([]);
  });

  it.each(planted)('are found when planted: %s', async (_, content) => {
    const found = await findSecrets([{ name: 'config.txt', content: `# mine\n${content}\n` }]);
    expect(found).toEqual([expect.objectContaining({ path: 'config.txt', line: 2 })]);
    expect(secretFaults(found, []).join()).toMatch(/^config\.txt:2 holds what looks like a secret/);
    expect(JSON.stringify(found)).not.toContain(content.slice(-12));
  });

  it('that are none are known by file and kind, as long as they are there', async () => {
    const found = await findSecrets([{ name: 'a.test.ts', content: planted[1]![1] }]);
    const known = [{ path: 'a.test.ts', kind: found[0]!.kind, reason: 'made up' }];
    expect(secretFaults(found, known)).toEqual([]);
    expect(secretFaults([], known)).toEqual([expect.stringContaining('a.test.ts holds no ')]);
    expect(secretFaults(found, [{ ...known[0]!, path: 'b.test.ts' }])).toHaveLength(2);
  });

  it('are found in what a later commit took out', async () => {
    const repository = await createTestRepository();
    try {
      repository.write('services/notifications/.env', planted[1]![1]);
      await repository.commit();
      await repository.git('rm', '--quiet', 'services/notifications/.env');
      await repository.commit();
      expect(await findSecrets(await trackedTexts(repository.root))).toEqual([]);
      expect(await findSecrets(historicTexts(repository.root))).toEqual([expect.objectContaining({ path: 'services/notifications/.env', line: 1 })]);
    } finally {
      repository.remove();
    }
  });
});
