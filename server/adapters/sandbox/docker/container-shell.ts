import type { Duplex, Writable } from 'node:stream';
import type { ContainerCreateOptions } from 'dockerode';
import { readNews } from '../news.ts';
import type { Exit, Shell } from '../shell.ts';
import { isGone } from './engine-fault.ts';
import type { Engine } from './engine.ts';
import { splitFrames } from './frames.ts';

/** `input` takes what is too large to be held at once. */
export type ContainerShell = Shell & { id: string; input: Writable };

type Making = {
  engine: Engine;
  options: ContainerCreateOptions;
  /** How the program inside says that it is up. */
  up: RegExp;
  /** Its first line of input. */
  line: string;
  /** Told of the container's removal, which goes on after its end. */
  onRemoval(removal: Promise<void>): void;
};

/**
 * A container whose process 1 is a waiting shell: when that ends, the kernel has ended everything else in it. Throws
 * `sandbox_unavailable` when the engine refuses; what the program itself refuses shows in `ready`.
 */
export async function openContainerShell(making: Making): Promise<ContainerShell> {
  const { engine, options, line } = making;
  const { id } = await engine.call('make a container', (docker) => docker.createContainer(options));
  try {
    const socket = await engine.attach(id);
    socket.on('error', () => undefined);
    const shell = shellOn(making, id, socket);
    await engine.call('start a container', (docker) => docker.getContainer(id).start());
    socket.write(`${line}\n`);
    return shell;
  } catch (error) {
    await removeContainer(engine, id).catch(() => undefined);
    throw error;
  }
}

/** Ends and removes a container. One that is gone is fine. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  try {
    await engine.call('remove a container', (docker) => docker.getContainer(id).remove({ force: true, v: false }));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function shellOn({ engine, up, onRemoval }: Making, id: string, socket: Duplex): ContainerShell {
  const news = readNews(up, () => '');
  const output = splitFrames(news.hear);
  let stopped: Pick<Exit, 'stopped' | 'exceeded'> = { stopped: null };
  let alive = true;
  socket.pipe(output);
  const exited = new Promise<void>((resolve) => socket.once('end', () => resolve()).once('close', () => resolve()));
  const drained = new Promise<void>((resolve) => output.once('close', () => resolve()));
  const ended = exited.then(async () => {
    alive = false;
    output.end();
    output.resume();
    const [code] = await Promise.all([exitCode(engine, id), drained]);
    socket.destroy();
    news.close('');
    onRemoval(removeContainer(engine, id));
    return { code, ...stopped };
  });
  const stop: Shell['stop'] = (why, exceeded) => {
    if (!alive) return;
    if (stopped.stopped === null) stopped = { stopped: why, ...(exceeded && { exceeded }) };
    const kill = engine.call('end a container', (docker) => docker.getContainer(id).kill());
    // Where even that fails the stream is let go: the sandbox is lost, and its container the reaper's.
    kill.catch((error: unknown) => isGone(error) || socket.destroy());
  };
  const write = (bytes: Uint8Array, last = false) => void (last ? socket.end(bytes) : socket.write(bytes));
  return {
    id,
    input: socket,
    write,
    output,
    ready: news.check,
    said: news.said,
    stop,
    pid: () => null,
    alive: () => alive && stopped.stopped === null,
    ended,
  };
}

/** Null where the engine cannot say, and where the stream ended before the container did: that one is ended now. */
async function exitCode(engine: Engine, id: string): Promise<number | null> {
  const state = async () =>
    (await engine.call('look at a container', (docker) => docker.getContainer(id).inspect())).State;
  try {
    const first = await state();
    if (!first.Running) return first.ExitCode;
    await engine
      .call('wait for a container', (docker) => docker.getContainer(id).wait(), lastMomentsMs)
      .catch(() => undefined);
    const second = await state();
    return second.Running ? null : second.ExitCode;
  } catch {
    return null;
  }
}

const lastMomentsMs = 5_000;
