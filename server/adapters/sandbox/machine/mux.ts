import { PassThrough, Writable } from 'node:stream';
import { AppError } from '../../../domain/errors.ts';
import type { ContainerShell } from '../docker/container-shell.ts';
import { frameKinds, frameOf, frameReader, mostData, type Frame } from '../docker/gate-frames.ts';
import { readNews } from '../news.ts';
import type { Exit, Shell } from '../shell.ts';
import type { Machine } from './machine.ts';
import { bootLine, marks, supervisor, windowBytes } from './supervisor.ts';

/** Many programs over the one terminal of a machine. */
export type Mux = {
  /** `line`: the program's first line of input, if it has one. It runs as root until its own words say otherwise. */
  start(args: string[], options: { up: RegExp; line: string | null }): ContainerShell;
  alive(): boolean;
};

const bootMs = 60_000;
/** A program that was told to end and is not said to have ended in this time: nothing of its machine can be believed. */
const lastMomentsMs = 15_000;
/** What is kept of a machine's words while a mark of ours is looked for. */
const mostBootBytes = 65_536;

/** Brings the supervisor up. Throws `sandbox_unavailable` for a machine on which it cannot run. */
export async function openMux(machine: Machine): Promise<Mux> {
  let hear: (bytes: Buffer) => void = () => undefined;
  machine.hear((bytes) => hear(bytes));
  const rest = await boot(machine, (next) => (hear = next));
  return muxOver(machine, rest, (next) => (hear = next));
}

async function boot(machine: Machine, listen: (next: (bytes: Buffer) => void) => void): Promise<Buffer> {
  let said = Buffer.alloc(0);
  let look: () => void = () => undefined;
  listen((bytes) => {
    said = Buffer.concat([said, bytes]).subarray(-mostBootBytes);
    look();
  });
  const until = (mark: string) =>
    new Promise<void>((resolve, reject) => {
      const fail = (why: string) => () => reject(notUp(why, said));
      const timer = setTimeout(fail('it did not answer in time'), bootMs);
      void machine.ended.then(fail('it ended'));
      look = () => {
        const at = said.indexOf(mark);
        if (at < 0) return;
        clearTimeout(timer);
        said = said.subarray(at + mark.length);
        resolve();
      };
      look();
    });
  await machine.send(Buffer.from(bootLine()));
  await until(marks.asks);
  await machine.send(Buffer.from(supervisor));
  await until(marks.up);
  return said;
}

function notUp(why: string, said: Buffer): AppError {
  const words = said.toString('latin1').replaceAll(/[^\x20-\x7e\n]/gu, '').trim().slice(-500); // prettier-ignore
  const text = `The machine of the sandbox could not be used: ${why}. It needs bash, stty and python3 3.8 or newer.`;
  return new AppError('sandbox_unavailable', words === '' ? text : `${text} It said: ${words}`);
}

type Running = { take(frame: Frame): void; lost(): void };

function muxOver(machine: Machine, rest: Buffer, listen: (next: (bytes: Buffer) => void) => void): Mux {
  const running = new Map<number, Running>();
  let last = 0;
  let alive = true;
  const lost = () => {
    alive = false;
    for (const one of running.values()) one.lost();
    running.clear();
  };
  void machine.ended.then(lost);
  /** It does not keep to what was agreed: all of its programs are let go, whatever becomes of it. */
  const refuse = () => {
    lost();
    void machine.close();
  };
  const send = (kind: number, id: number, content?: Uint8Array | number) => {
    if (alive) machine.send(frameOf(kind, id, content)).catch(refuse);
  };
  const read = frameReader((frame) => running.get(frame.id)?.take(frame));
  const hear = (bytes: Buffer) => {
    try {
      read(bytes);
    } catch {
      refuse();
    }
  };
  listen(hear);
  hear(rest);
  return {
    alive: () => alive,
    start(args, { up, line }) {
      const id = (last += 1);
      const give = (kind: number, content?: Uint8Array | number) => send(kind, id, content);
      const shell = shellOn({ id, up, send: give, refuse });
      running.set(id, shell);
      void shell.shell.ended.then(() => running.delete(id));
      if (!alive) shell.lost();
      send(frameKinds.open, id, Buffer.from(JSON.stringify(args)));
      if (line !== null) shell.shell.input.write(`${line}\n`);
      return shell.shell;
    },
  };
}

type Making = {
  id: number;
  up: RegExp;
  send(kind: number, content?: Uint8Array | number): void;
  /** Of the whole machine. */
  refuse(): void;
};

function shellOn({ id, up, send, refuse }: Making): Running & { shell: ContainerShell } {
  const news = readNews(up, () => '');
  const output = new PassThrough();
  const { promise: exited, resolve: exit } = Promise.withResolvers<number | null>();
  const { input, taken } = inputOf(send);
  let stopped: Pick<Exit, 'stopped' | 'exceeded'> = { stopped: null };
  let alive = true;
  let late: NodeJS.Timeout | undefined;
  const ended = exited.then(async (code) => {
    alive = false;
    clearTimeout(late);
    input.destroy();
    const drained = new Promise<void>((resolve) => output.once('close', () => resolve()));
    output.end();
    output.resume();
    await drained;
    news.close('');
    return { code, ...stopped };
  });
  const stop: Shell['stop'] = (why, exceeded) => {
    if (!alive) return;
    if (stopped.stopped === null) stopped = { stopped: why, ...(exceeded && { exceeded }) };
    send(frameKinds.reset);
    late ??= setTimeout(refuse, lastMomentsMs);
  };
  const { hear } = outputTo(output, {
    taken: (amount) => send(frameKinds.taken, amount),
    // Told to end, it is not held up any more: what comes then is as much as comes.
    overrun: () => stopped.stopped === null && refuse(),
  });
  let isOver = false;
  const take = ({ kind, amount, data }: Frame) => {
    // A program that is said to have ended says nothing more.
    if (isOver) return;
    isOver = kind === frameKinds.exit;
    if (kind === frameKinds.data) hear(data);
    if (kind === frameKinds.news) news.hear(Buffer.from(data));
    if (kind === frameKinds.taken) taken(amount);
    if (kind === frameKinds.exit) exit(amount < 256 ? amount : null);
  };
  const write: Shell['write'] = (bytes, end = false) => void (end ? input.end(bytes) : input.write(bytes));
  const ready = { write, output, ready: news.check, said: news.said, stop, pid: () => null, ended };
  const shell = { id: String(id), input, ...ready, alive: () => alive && stopped.stopped === null };
  return { shell, take, lost: () => exit(null) };
}

type Hearing = { taken(amount: number): void; overrun(): void };

/** Keeps no more than was said there is room for, whatever a machine sends. */
function outputTo(output: Writable, { taken, overrun }: Hearing): { hear(data: Buffer): void } {
  let room = windowBytes;
  const hear = (data: Buffer) => {
    if (data.length > room) return overrun();
    room -= data.length;
    output.write(data, () => {
      room += data.length;
      taken(data.length);
    });
  };
  return { hear };
}

/** Takes no more than the program has room for. */
function inputOf(send: Making['send']): { input: Writable; taken(amount: number): void } {
  let left = windowBytes;
  let goOn: (() => void) | null = null;
  const input = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += mostData) send(frameKinds.data, chunk.subarray(at, at + mostData));
      left -= chunk.length;
      if (left > 0) done();
      else goOn = done;
    },
    final(done) {
      send(frameKinds.end);
      done();
    },
  });
  input.on('error', () => undefined);
  const taken = (amount: number) => {
    left += amount;
    if (left <= 0 || goOn === null) return;
    const next = goOn;
    goOn = null;
    next();
  };
  return { input, taken };
}
