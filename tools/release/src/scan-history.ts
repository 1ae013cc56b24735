/** Looks for secrets in everything that the commits of this checkout ever held; ends with 1 when one is found. */
import { findSecrets, historicTexts, secretFaults, type NoSecret } from './secrets.ts';
import { ownRoot, readJson } from './repository.ts';

const known = readJson<NoSecret[]>(ownRoot, 'tools/release/secrets-allow.json');
const found = await findSecrets(historicTexts(ownRoot));
const faults = secretFaults(found, known.filter((one) => found.some(({ path, kind }) => path === one.path && kind === one.kind)));
for (const fault of faults) console.error(`✗ ${fault}`);
if (faults.length === 0) console.log('✓ No commit ever held a secret.');
process.exitCode = faults.length > 0 ? 1 : 0;
