import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { processEnvironment } from '../../server/config/config.ts';
import { expect } from '../test.ts';
import { until } from './until.ts';

export type Command = ReturnType<typeof startCommand>;

/** A command in a process group of its own, which is what a terminal sends Ctrl-C to, without a model key. */
export function startCommand(words: string[], env: Record<string, string> = {}) {
  const [file = '', ...args] = words;
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...processEnvironment(), ANTHROPIC_API_KEY: '', ...env } as unknown as NodeJS.ProcessEnv,
  });
  const said = { out: '', all: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said.all += chunk.toString()));
  }
  const ended = once(child, 'close').then(
    ([code, signal]) => ({ code, signal }) as { code: number | null; signal: string | null },
  );
  return {
    said,
    ended,
    signal: (name: NodeJS.Signals) => process.kill(-child.pid!, name),
    /** Waits for words of its output. Fails when it ends without them. */
    async says(words: RegExp): Promise<void> {
      const over = () => child.exitCode !== null || child.signalCode !== null;
      await until(
        `${args.join(' ')} to say ${String(words)}`,
        async () => said.all,
        (text) => words.test(text) || over(),
      );
      expect(said.all).toMatch(words);
    },
    async end(): Promise<void> {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
      await ended;
    },
  };
}

/** Runs a command to its end; returns what it said. Fails when it does not exit with 0. */
export async function runCommand(words: string[], env: Record<string, string>): Promise<string> {
  const command = startCommand(words, env);
  const { code } = await command.ended;
  expect(code, command.said.all).toBe(0);
  return command.said.out;
}

/** Runs the `fleet` command to its end with `input` piped in, and returns what it said and its exit code. */
export async function fleetCommand(args: string[], input: string) {
  const child = spawn(process.execPath, ['cli/fleet.mjs', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}
