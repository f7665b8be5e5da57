#!/usr/bin/env node
// The door to the command: Node alone, no packages, readable by every Node since 18, because it must be able to say
// that the Node it runs under is too old, and to go on under the pinned one.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const self = fileURLToPath(import.meta.url);
const root = join(dirname(self), '..');

/** From 22.18 on, Node runs TypeScript as it stands. */
function runsTypeScript(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

function findPinned() {
  const candidates = [
    join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node'),
    join(root, 'node_modules', '.bin', 'node'),
  ];
  return candidates.find((file) => existsSync(file));
}

function runUnder(node) {
  const lifeline = `${pathToFileURL(join(root, 'server', 'boot', 'lifeline.ts'))}?parent=${process.pid}`;
  const child = spawn(node, ['--import', lifeline, self, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, FLEET_NODE_CHOSEN: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => fail(`The pinned Node (${node}) does not start: ${error.message}`));
  child.once('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

if (runsTypeScript(process.versions.node)) {
  const { main } = await import('./main.ts');
  await main(process.argv);
} else {
  const pinned = findPinned();
  if (process.env.FLEET_NODE_CHOSEN === '1' || pinned === undefined) {
    fail(
      `Fleet needs Node 22.18 or later; this is Node ${process.versions.node}.\n` +
        'Run npm ci (on Linux it brings Node 24 along), or install Node 24 from https://nodejs.org, then start again.',
    );
  } else {
    runUnder(pinned);
  }
}
