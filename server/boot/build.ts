import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Env } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import { lastLines, lifeline } from './children.ts';
import { writeDurably } from './installation.ts';
import { tryLock } from './lock-file.ts';

export type BuildStep = { name: string; args: readonly string[]; env: Readonly<Record<string, string>> };

export type BuildRequest = {
  /** The project's folder. */
  root: string;
  /** What the build's programs inherit. */
  env: Env;
  logFile: string;
  say: (line: string) => void;
  signal: AbortSignal;
  /** Programs that make the build, in order; node runs them in `root`. */
  steps?: readonly BuildStep[];
};

/** What the built app consists of. Boot, the embedded engine and tests are run from source and change nothing in it. */
const sources = [
  'app',
  'components',
  'server',
  'inngest/bus',
  'inngest/functions',
  'inngest/runtime',
  'prisma/schema.prisma',
  'package-lock.json',
  'next.config.mjs',
  'postcss.config.mjs',
  'instrumentation.ts',
  'instrumentation-node.ts',
  'proxy.ts',
];
const notSources = /\.test\.tsx?$|^server\/(?:boot|testing|db\/generated)\//;
const marker = z.object({ hash: z.string() });

const realSteps: readonly BuildStep[] = [
  {
    name: 'generating the database client',
    args: ['node_modules/prisma/build/index.js', 'generate'],
    // Generating needs no schema engine, yet the command looks for one, and it cannot be downloaded everywhere.
    env: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' },
  },
  {
    name: 'building the web app',
    args: ['node_modules/next/dist/bin/next', 'build'],
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NO_COLOR: '1', FORCE_COLOR: '0' },
  },
];

/** One digest over everything the built app consists of. */
export function hashSources(root: string): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesUnder(root, source))) {
    hash.update(`${file}\0`).update(
      createHash('sha256')
        .update(fs.readFileSync(path.join(root, file)))
        .digest(),
    );
  }
  return hash.digest('hex');
}

/**
 * Makes the production build when it is missing or not of these sources; two starts never build at once.
 * Throws AppError `unavailable` with the end of the build's log.
 */
export async function ensureBuild(request: BuildRequest): Promise<void> {
  const hash = hashSources(request.root);
  if (isCurrent(request.root, hash)) return request.say('✓ production build is current');
  const release = await lockBuild(request);
  try {
    if (isCurrent(request.root, hash)) return request.say('✓ production build, made by another start');
    fs.rmSync(markerFile(request.root), { force: true });
    fs.writeFileSync(request.logFile, '', { mode: 0o600 });
    const began = Date.now();
    for (const step of request.steps ?? realSteps) await runStep(step, request);
    if (!isWhole(request.root))
      throw new AppError('unavailable', `The build ended without a result. Its log: ${request.logFile}`);
    writeDurably(markerFile(request.root), JSON.stringify({ hash }));
    request.say(`✓ production build made in ${Math.round((Date.now() - began) / 1000)} s`);
  } finally {
    release();
  }
}

const markerFile = (root: string) => path.join(root, '.next', 'fleet-build.json');

function isCurrent(root: string, hash: string): boolean {
  try {
    const made = marker.parse(JSON.parse(fs.readFileSync(markerFile(root), 'utf8')));
    return made.hash === hash && isWhole(root);
  } catch {
    return false;
  }
}

function isWhole(root: string): boolean {
  const results = ['.next/BUILD_ID', 'server/db/generated/client.ts'];
  return results.every((file) => fs.existsSync(path.join(root, file)));
}

/** Waits for another start's build; a builder that died leaves the lock to the next. */
async function lockBuild({ root, say, signal }: BuildRequest): Promise<() => void> {
  const file = path.join(root, '.cache', 'build.lock');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; ; told = true) {
    signal.throwIfAborted();
    const lock = tryLock(file);
    if (lock.held) return lock.release;
    if (!told) say(`  process ${lock.holder.pid} is building; waiting for it …`);
    await sleep(200);
  }
}

async function runStep(step: BuildStep, request: BuildRequest): Promise<void> {
  const { root, env, logFile, say, signal } = request;
  say(`  ${step.name} …`);
  signal.throwIfAborted();
  const log = fs.openSync(logFile, 'a', 0o600);
  const began = Date.now();
  const heartbeat = setInterval(() => say(`  … ${Math.round((Date.now() - began) / 1000)} s`), 15_000);
  const child = spawn(process.execPath, [...lifeline, ...step.args], {
    cwd: root,
    env: { ...env, ...step.env } as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  const end = () => child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('exit', resolve);
    });
    signal.throwIfAborted();
    if (code === 0) return;
    throw new AppError(
      'unavailable',
      `${step.name} failed. The end of its log (${logFile}):\n${lastLines(logFile, { count: 30 })}\nMend what it says and start again.`,
    );
  } finally {
    clearInterval(heartbeat);
    signal.removeEventListener('abort', end);
    fs.closeSync(log);
  }
}

function filesUnder(root: string, source: string): string[] {
  const full = path.join(root, source);
  if (!fs.existsSync(full)) return [];
  if (fs.statSync(full).isFile()) return [source];
  return fs
    .readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !notSources.test(file))
    .sort();
}
