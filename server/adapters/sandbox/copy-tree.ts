import { AppError } from '../../domain/errors.ts';
import { wallArgs } from './bwrap-args.ts';
import type { Host } from './host.ts';
import { runCommand } from './run-command.ts';
import type { Seed } from './seed.ts';

type Request = { host: Host; seed: Seed; from: string; holder: number | null; to: string };

const copyTimeoutMs = 10 * 60_000;
const unlimited = 'unlimited unlimited unlimited';

/**
 * Copies what an agent wrote, links, modes and odd names included. It runs behind walls, because a job may swap a folder
 * for a link meanwhile: there, links lead nowhere. Throws `sandbox_unavailable` when the copy is not whole.
 */
export async function copyTree({ host, seed, from, holder, to }: Request): Promise<void> {
  const walls = [
    ...wallArgs(host, { network: false }),
    // An agent may have taken its own rights to a file away.
    ...['--cap-add', 'CAP_DAC_OVERRIDE'],
    ...['--ro-bind', `${host.etc}/ld.so.cache`, '/etc/ld.so.cache', '--proc', '/proc', '--dev', '/dev'],
    ...['--ro-bind', from, '/from', '--bind', to, '/to', '--remount-ro', '/', '--as-pid-1', '--chdir', '/'],
  ];
  const entry = holder === null ? null : { user: holder, mount: holder, net: null };
  const shell = seed.grow({ walls, line: unlimited, entry, cpus: null, blueprint: null });
  const result = await runCommand(shell, {
    command: 'cp -a --reflink=auto -- /from/. /to',
    prologue: Buffer.alloc(0),
    keeps: false,
    cpuSeconds: null,
    timeoutMs: copyTimeoutMs,
    maxOutputBytes: 4096,
    signal: new AbortController().signal,
  });
  if (result.exitCode === 0) return;
  const words = Buffer.from(result.head).toString().trim() || result.ended;
  throw new AppError('sandbox_unavailable', `The work tree could not be copied: ${words}`);
}
