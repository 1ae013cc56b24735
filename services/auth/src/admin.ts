/** `node dist/admin.js <create|rotate-keys|help>`: what is done to accounts and keys from the machine itself, on auth's database. */
import { readCommand } from './admin/command.ts';
import { describeFault } from './admin/fault.ts';
import { runCommand } from './admin/run-command.ts';
import { loadAccountAdminConfig, loadKeyAdminConfig } from './config.ts';
import { createAccountAdmin, createKeyAdmin } from './admin/deps.ts';

const { env } = process;

try {
  await runCommand(
    readCommand(process.argv.slice(2)),
    { accounts: async () => createAccountAdmin(loadAccountAdminConfig(env)), keys: async () => createKeyAdmin(loadKeyAdminConfig(env)) },
    { input: process.stdin, print: (line) => void process.stdout.write(`${line}\n`), prompt: process.stderr },
  );
} catch (error) {
  process.stderr.write(`✗ ${describeFault(error)}\n`);
  process.exitCode = 1;
}
