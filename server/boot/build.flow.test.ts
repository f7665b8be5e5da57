import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { processEnvironment } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { ensureBuild, hashSources } from './build.ts';
import type { BuildStep } from './build.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'fleet-build-'));
  for (const folder of ['app', 'server/db/generated', 'server/boot', '.next']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  writeFileSync(path.join(root, 'app', 'page.tsx'), 'export default () => null;');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const making = "const fs = require('fs'); fs.appendFileSync('made.txt', 'x');";
const good: BuildStep = {
  name: 'building',
  args: [
    '-e',
    `${making} fs.writeFileSync('.next/BUILD_ID', '1'); fs.writeFileSync('server/db/generated/client.ts', '')`,
  ],
  env: {},
};
const made = () => readFileSync(path.join(root, 'made.txt'), 'utf8').length;

async function build(steps = [good], signal = new AbortController().signal) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  await ensureBuild({ root, env: processEnvironment(), logFile: path.join(root, 'build.log'), say, signal, steps });
  return lines.join('\n');
}

test('is made when missing, kept when current, made again when a source changed', async () => {
  expect(await build()).toContain('✓ production build made in');
  expect(await build()).toBe('✓ production build is current');
  expect(made()).toBe(1);
  writeFileSync(path.join(root, 'app', 'page.tsx'), 'export default () => 1;');
  await build();
  expect(made()).toBe(2);
});

test('what the built app does not consist of changes nothing', () => {
  const before = hashSources(root);
  for (const file of ['app/page.test.tsx', 'server/boot/up.ts', 'server/db/generated/client.ts', 'README.md']) {
    writeFileSync(path.join(root, file), 'anything');
  }
  expect(hashSources(root)).toBe(before);
  writeFileSync(path.join(root, 'package-lock.json'), '{}');
  expect(hashSources(root)).not.toBe(before);
});

test('two starts at once build once', async () => {
  const said = await Promise.all([build(), build()]);
  expect(made()).toBe(1);
  expect(said.join('\n')).toContain('made by another start');
});

test('a build that fails says why, and the next start tries again', async () => {
  const bad: BuildStep = { ...good, args: ['-e', "console.log('Type error: page.tsx'); process.exit(1)"] };
  const error = await build([good, bad]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).message).toContain('Type error: page.tsx');
  expect(await build()).toContain('✓ production build made');
});

test('a build that ends without a result is a failure', async () => {
  const empty: BuildStep = { ...good, args: ['-e', ''] };
  await expect(build([empty])).rejects.toThrow('ended without a result');
});

test('workers that a build forks keep their own channel', async () => {
  const forking = `${making}
    const worker = require('child_process').fork('worker.cjs');
    worker.on('message', () => { fs.writeFileSync('.next/BUILD_ID', '1'); worker.disconnect(); });
    worker.send('hello');`;
  writeFileSync(
    path.join(root, 'worker.cjs'),
    "process.on('message', (text) => setTimeout(() => process.send(text), 50));",
  );
  writeFileSync(path.join(root, 'server', 'db', 'generated', 'client.ts'), '');
  const step: BuildStep = { ...good, args: ['-e', forking] };
  expect(await build([step])).toContain('✓ production build made');
});

test('stops when the start is stopped', async () => {
  const stopping = new AbortController();
  const endless: BuildStep = { ...good, args: ['-e', `${making} setInterval(() => {}, 1000)`] };
  const outcome = build([endless], stopping.signal);
  await vi.waitFor(() => expect(made()).toBe(1), { timeout: 60_000 });
  stopping.abort(new AppError('unavailable', 'stopped'));
  await expect(outcome).rejects.toThrow('stopped');
});
