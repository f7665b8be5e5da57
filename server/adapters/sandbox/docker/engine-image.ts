import type { Readable } from 'node:stream';
import { AppError } from '../../../domain/errors.ts';
import { hostImage } from '../image/host-image.ts';
import type { Engine } from './engine.ts';

const repository = 'localhost/fleet-sandbox';
const importTimeoutMs = 15 * 60_000;

/** An image by what it holds, and the name it was found under. */
export type EngineImage = { id: string; reference: string };

/** The image of this machine's own tools, imported into the engine unless it is there. Throws `sandbox_unavailable`. */
export async function importHostImage(engine: Engine, options: { withCompilers: boolean }): Promise<EngineImage> {
  const image = await hostImage(options);
  const reference = `${repository}:${image.tag}`;
  try {
    const there = await findImage(engine, reference);
    if (there !== null) return { id: there, reference };
    const id = await engine.call(
      'import the sandbox image',
      (docker) => importArchive(docker, image.archive()),
      importTimeoutMs,
    );
    // By its name it is not lost when unused images are cleared away.
    await engine.call('name the sandbox image', (docker) =>
      docker.getImage(id).tag({ repo: repository, tag: image.tag }),
    );
    return { id, reference };
  } finally {
    await image.close();
  }
}

/**
 * An image by name or id: one that the engine has, else fetched by it. Throws `sandbox_unavailable` where neither it nor
 * a registry that it reaches has one.
 */
export async function fetchImage(engine: Engine, reference: string): Promise<EngineImage> {
  const there = await findImage(engine, reference);
  if (there !== null) return { id: there, reference };
  const words = await engine.call('fetch an image', (docker) => pullImage(docker, reference), importTimeoutMs);
  const fetched = await findImage(engine, reference);
  if (fetched !== null) return { id: fetched, reference };
  const text = `The container engine ${engine.address.name} has no image ${reference} and got none: ${words}`;
  throw new AppError('sandbox_unavailable', text);
}

type Pulling = {
  pull(reference: string): Promise<NodeJS.ReadableStream>;
  modem: { followProgress(stream: NodeJS.ReadableStream, done: (error: unknown, said: unknown) => void): void };
};

/** What the engine said last: one that could not fetch says so in a stream that ends well. */
async function pullImage(docker: unknown, reference: string): Promise<string> {
  const { modem } = docker as Pulling;
  const progress = await (docker as Pulling).pull(reference);
  return new Promise<string>((resolve, reject) => {
    modem.followProgress(progress, (error, said) => {
      const last = Array.isArray(said) ? (said.at(-1) as { error?: unknown; status?: unknown } | undefined) : undefined;
      if (error) reject(error as Error);
      else resolve(String(last?.error ?? last?.status ?? 'it gave no reason').trim());
    });
  });
}

/** The id of an image by its name or id; null when the engine does not have it. */
async function findImage(engine: Engine, reference: string): Promise<string | null> {
  try {
    return (await engine.call('look for an image', (docker) => docker.getImage(reference).inspect())).Id;
  } catch (error) {
    if (error instanceof AppError && error.detail.status === 404) return null;
    throw error;
  }
}

type Importing = { importImage(archive: Readable, options: object): Promise<NodeJS.ReadableStream> };

async function importArchive(docker: unknown, archive: Readable): Promise<string> {
  const answer = await (docker as Importing).importImage(archive, { fromSrc: '-', repo: repository });
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  const id = /sha256:[0-9a-f]{64}/u.exec(text)?.[0];
  if (id === undefined) throw new Error(text.trim().slice(-500) || 'the engine did not say which image it made');
  return id;
}
