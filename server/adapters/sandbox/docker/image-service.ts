import { randomUUID } from 'node:crypto';
import { AppError } from '../../../domain/errors.ts';
import type { ImageRequest, Job, JobEnd, Output } from '../../../domain/ports/sandbox.ts';
import { outputWindow } from '../output-window.ts';
import { serviceOptions, type Standing } from './container-options.ts';
import { openContainerShell, type ContainerShell } from './container-shell.ts';
import { fetchImage } from './engine-image.ts';
import type { Engine } from './engine.ts';

/** A sandbox's engine, what its containers stand on, and whose loopback the service is put on. */
type Beside = Omit<Standing, 'volumes' | 'image'> & {
  engine: Engine;
  onRemoval(removal: Promise<void>): void;
};

/**
 * Runs an image as it was made to run, next to a sandbox and on its loopback, as a user without rights. Throws
 * `sandbox_unavailable` where the engine neither has it nor gets it, or does not start it.
 */
export async function openImageService(
  { engine, onRemoval, ...standing }: Beside,
  { image, env, maxOutputBytes }: ImageRequest,
): Promise<{ job: Job; shell: ContainerShell }> {
  const { id, volumes, own } = await inspected(engine, image);
  // What no tmpfs covers becomes a volume on the engine's disk, without a limit and never removed.
  const odd = volumes.find((path) => !/^\/[^:,]+$/u.test(path));
  if (odd !== undefined) {
    throw new AppError(
      'sandbox_unavailable',
      `The image ${image} declares the volume ${JSON.stringify(odd)}, which cannot be kept in memory.`,
    );
  }
  const options = { ...serviceOptions({ ...standing, image: id, volumes }), Env: [...own, ...pairs(env)] };
  const shell = await openContainerShell({ engine, options, up: /^/u, line: '', onRemoval });
  const { promise: read, resolve } = Promise.withResolvers<void>();
  const output = outputWindow(maxOutputBytes);
  shell.output.on('data', (chunk: Buffer) => output.push(chunk)).once('close', resolve);
  let asked = false;
  const ended = Promise.all([shell.ended, read]).then(([{ code }]): JobEnd => {
    return asked || code === null
      ? { exitCode: null, ended: asked ? 'stopped' : 'killed' }
      : { exitCode: code, ended: 'exited' };
  });
  const job: Job = {
    id: `image_${randomUUID()}`,
    read: () => withErrors(output.result(), shell.said(), maxOutputBytes),
    stop: () => {
      asked ||= shell.alive();
      shell.stop('killed');
      return ended;
    },
    ended,
  };
  return { job, shell };
}

/** Services say what went wrong on either stream. */
function withErrors({ head, tail, droppedBytes }: Output, said: Buffer, maxOutputBytes: number): Output {
  const all = outputWindow(maxOutputBytes);
  for (const part of [head, tail, said]) all.push(part);
  const result = all.result();
  return { ...result, droppedBytes: result.droppedBytes + droppedBytes };
}

async function inspected(engine: Engine, reference: string) {
  const { id } = await fetchImage(engine, reference);
  const { Config } = await engine.call('look at an image', (docker) => docker.getImage(id).inspect());
  return { id, own: Config?.Env ?? [], volumes: Object.keys(Config?.Volumes ?? {}) };
}

const pairs = (env: Record<string, string>) => Object.entries(env).map(([name, value]) => `${name}=${value}`);
