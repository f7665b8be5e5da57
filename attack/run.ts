import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Starts the suite as a careless service manager would: with a file left open, and a secret in the environment.

const folder = mkdtempSync(join(tmpdir(), 'fleet-attack-start-'));
const secret = `canary-${randomBytes(12).toString('hex')}`;
const path = join(folder, 'left-open');
writeFileSync(path, secret);

/** High enough that nothing else uses it. */
const leftOpen = 21;
const stdio: ('inherit' | 'ignore' | number)[] = ['inherit', 'inherit', 'inherit'];
while (stdio.length < leftOpen) stdio.push('ignore');

const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...process.argv.slice(2)], {
  stdio: [...stdio, openSync(path, 'r')],
  // eslint-disable-next-line no-restricted-properties -- handed on, not read
  env: { ...process.env, FLEET_LEFT_OPEN: secret },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code ?? 1);
});
