import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../domain/errors.ts';
import { commandBytes } from '../bwrap-args.ts';
import type { ContainerShell } from './container-shell.ts';

const transferMs = 10 * 60_000;

type Sent = Uint8Array | Readable | null;

/** A script of ours in a shell of its own, with input of any size. `ended` rejects unless it ends with 0 or `fine`. */
export async function streamScript(
  shell: ContainerShell,
  { script, input, fine }: { script: string; input: Sent; fine?: number },
): Promise<{ output: Readable; ended: Promise<void> }> {
  await shell.ready();
  const timer = setTimeout(() => shell.stop('timed_out'), transferMs);
  const nothing = Buffer.alloc(0);
  const command = { prologue: nothing, command: script, keeps: false, cpuSeconds: null };
  shell.input.write(commandBytes({ ...command, hasInput: input !== null }));
  // A script that ends early is found out by its exit code.
  if (input === null || input instanceof Uint8Array) shell.input.end(input ?? undefined);
  else pipeline(input, shell.input).catch(() => undefined);
  const ended = shell.ended.then(({ code, stopped }) => {
    clearTimeout(timer);
    if (code === 0 || (code !== null && code === fine)) return;
    throw moveFailed(stopped ?? (code === null ? 'cut off' : `ended with ${code}`));
  });
  ended.catch(() => undefined);
  return { output: shell.output, ended };
}

type Gathering = { script: string; input: Sent; fine?: number; maxBytes: number; chunks?: Buffer[] };

/** The same, with its output as a whole. Throws when it is more than `maxBytes`; what came until then is in `chunks`. */
export async function gatherScript(
  shell: ContainerShell,
  { maxBytes, chunks = [], ...what }: Gathering,
): Promise<Buffer> {
  const { output, ended } = await streamScript(shell, what);
  let size = 0;
  output.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else shell.stop('killed');
  });
  try {
    await ended;
  } catch (error) {
    const words = Buffer.concat(chunks).toString().trim().slice(-500);
    throw words === '' ? error : moveFailed(words);
  }
  return Buffer.concat(chunks);
}

function moveFailed(how: string): AppError {
  return new AppError('sandbox_unavailable', `The work tree could not be moved between here and the container: ${how}`);
}
