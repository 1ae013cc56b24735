/** Reads what `npm audit --json` wrote from standard input; ends with 1 when something stands against it. */
import { readFileSync } from 'node:fs';
import { auditFaults, type Allowance, type AuditReport } from './audit.ts';
import { ownRoot, readJson } from './repository.ts';

const faults = auditFaults(JSON.parse(readFileSync(0, 'utf8')) as AuditReport, readJson<Allowance[]>(ownRoot, 'tools/release/audit-allow.json'), new Date().toISOString().slice(0, 10));
for (const fault of faults) console.error(`✗ ${fault}`);
if (faults.length === 0) console.log('✓ No advisory stands against the packages of the lock file.');
process.exitCode = faults.length > 0 ? 1 : 0;
