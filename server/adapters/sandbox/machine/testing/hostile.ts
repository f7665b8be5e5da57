import { frameKinds, frameReader } from '../../docker/gate-frames.ts';
import type { Machine } from '../machine.ts';
import { marks } from '../supervisor.ts';

export type Hostile = { machine: Machine; closed: Promise<void>; opened: Promise<void> };

/** A machine that says much before it is up, and then to each program what it likes. */
export function hostile(answer: (say: (bytes: Buffer) => void, id: number) => void): Hostile {
  const { promise: closed, resolve: end } = Promise.withResolvers<void>();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  let say: (bytes: Buffer) => void = () => undefined;
  const read = frameReader(({ kind, id }) => {
    if (kind !== frameKinds.open) return;
    open();
    answer(say, id);
  });
  const noise = Buffer.alloc(2 ** 20, 'noise ');
  const greet = (mark: string) => {
    for (const words of [noise, noise, Buffer.from(mark.slice(0, 3)), Buffer.from(mark.slice(3))]) say(words);
  };
  const turns = [() => greet(marks.asks), () => greet(marks.up)];
  const send = async (bytes: Uint8Array) => (turns.shift() ?? (() => read(Buffer.from(bytes))))();
  const hear = (take: (bytes: Buffer) => void) => void (say = take);
  return { machine: { send, hear, ended: closed, close: async () => end() }, closed, opened };
}
