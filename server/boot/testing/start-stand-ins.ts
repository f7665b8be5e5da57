import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { processEnvironment } from '../../config/config.ts';
import { identify, isAlive } from '../process-identity.ts';
import type { ProcessIdentity } from '../process-identity.ts';

export type Up = { pids: Record<string, number>; urls: Record<string, string>; url: string };
export type StandInSupervisor = {
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** What runs, once it is up; null when it ended before. */
  up: Promise<Up | null>;
  exit: Promise<number | NodeJS.Signals>;
  /** Resolves once the output matches; rejects when the process ends first. */
  says(pattern: RegExp): Promise<void>;
};

type Options = {
  dataDir: string;
  /** How a child behaves, by name: see stand-in.ts. */
  manners?: Record<string, string>;
  env?: Record<string, string>;
};

/** Starts a supervisor of stand-in children as a process of its own. */
export function startStandIns({ dataDir, manners = {}, env = {} }: Options): StandInSupervisor {
  const journal = `${dataDir}.journal`;
  const script = path.join(import.meta.dirname, 'up-with-stand-ins.ts');
  const child = spawn(process.execPath, [script, dataDir, journal, JSON.stringify(manners)], {
    env: { ...processEnvironment(), ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const heard = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      heard.forEach((listen) => listen());
    });
  }
  const exit = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'));
  });
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const listen = () => {
        if (!pattern.test(output)) return;
        heard.delete(listen);
        resolve();
      };
      heard.add(listen);
      listen();
      void exit.then(() => reject(new Error(`it ended without saying ${String(pattern)}:\n${output}`)));
    });
  const json = /^\{.*\}$/m;
  const up = says(json).then(
    () => JSON.parse(json.exec(output)?.[0] ?? '') as Up,
    () => null,
  );
  return { process: child, output: () => output, up, exit, says };
}

export function readJournal(dataDir: string): string[] {
  return fs.readFileSync(`${dataDir}.journal`, 'utf8').trimEnd().split('\n');
}

/** The processes themselves: a later one with the same pid is another. */
export function identitiesOf(up: Up): Record<string, ProcessIdentity> {
  const found = Object.entries(up.pids).map(([name, pid]) => [name, identify(pid)] as const);
  return Object.fromEntries(found.flatMap(([name, identity]) => (identity === null ? [] : [[name, identity]])));
}

export function namesOfLiving(identities: Record<string, ProcessIdentity>): string[] {
  return Object.entries(identities).flatMap(([name, identity]) => (isAlive(identity) ? [name] : []));
}
