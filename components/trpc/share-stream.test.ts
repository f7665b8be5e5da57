import { expect, test } from 'vitest';
import { shareStream } from './share-stream.ts';

/** Streams as tabs open them, and what each tab gets. */
function tabs(name: string) {
  const opened: { tab: string; send: (data: number) => void }[] = [];
  const got: Record<string, number[]> = {};
  const joined: string[] = [];
  const open = (tab: string) => {
    got[tab] = [];
    return shareStream<number, { onStarted: () => void }>(name, {
      handlers: { onStarted: () => undefined },
      open: ({ onData }) => {
        const one = { tab, send: onData };
        opened.push(one);
        return { unsubscribe: () => void opened.splice(opened.indexOf(one), 1) };
      },
      onData: (data) => got[tab]?.push(data),
      onJoined: () => joined.push(tab),
    });
  };
  return { opened, got, joined, open };
}

test('of several tabs one holds the stream, and all get what comes', async () => {
  const { opened, got, joined, open } = tabs('one');
  const all = [open('a'), open('b'), open('c')];
  await expect.poll(() => joined).toEqual(['b', 'c']);
  expect(opened.map(({ tab }) => tab)).toEqual(['a']);
  opened[0]!.send(1);
  await expect.poll(() => got).toEqual({ a: [1], b: [1], c: [1] });
  for (const one of all) one.unsubscribe();
});

test('when the tab that holds it leaves, the next opens it; one that left gets nothing more', async () => {
  const { opened, got, joined, open } = tabs('two');
  const [a, b] = [open('a'), open('b')];
  await expect.poll(() => joined).toEqual(['b']);
  a.unsubscribe();
  await expect.poll(() => opened.map(({ tab }) => tab)).toEqual(['b']);
  opened[0]!.send(2);
  expect(got).toEqual({ a: [], b: [2] });
  b.unsubscribe();
  expect(opened).toEqual([]);
});

test('a tab that leaves before its turn opens nothing', async () => {
  const { opened, joined, open } = tabs('three');
  const [a, b] = [open('a'), open('b')];
  await expect.poll(() => joined).toEqual(['b']);
  b.unsubscribe();
  a.unsubscribe();
  const c = open('c');
  await expect.poll(() => opened.map(({ tab }) => tab)).toEqual(['c']);
  c.unsubscribe();
});
