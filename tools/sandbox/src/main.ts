import { readConfig } from './config.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';

function fail(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause);
  process.stderr.write(`${(cause as { code?: string }).code === 'EADDRINUSE' ? `Le port du bac à sable est déjà pris : choisissez un autre SANDBOX_PORT (${message}).` : message}\n`);
  process.exit(1);
}

let sandbox: Sandbox;
try {
  sandbox = await startSandbox(readConfig(process.env));
} catch (cause) {
  fail(cause);
}
process.stdout.write(`${JSON.stringify({ event: 'ready', service: 'sandbox', mode: process.env['MEDIAI_MODE'], simulation: true, host: sandbox.host, port: sandbox.port, url: sandbox.url })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0), fail));
}
