import type { Place } from './database.ts';
import type { Closing, Contestant } from './harness.ts';

// The process of one file's contestants: opens them, then runs a block at a time as it is told.

type Maker = { open(place: Place, closing: Closing): Promise<Contestant[]> };

const files = {
  'ours-turn': () => import('./ours/turn.ts'),
  'ours-append': () => import('./ours/append.ts'),
  'ours-start': () => import('./ours/start.ts'),
  'ours-sandbox': () => import('./ours/sandbox.ts'),
  'ours-isolation': () => import('./ours/isolation.ts'),
  'ours-workspace': () => import('./ours/workspace.ts'),
  'bare-insert': () => import('./peers/bare-insert.ts'),
  unchained: () => import('./peers/unchained.ts'),
  'undurable-loop': () => import('./peers/undurable-loop.ts'),
  'bare-spawn': () => import('./peers/bare-spawn.ts'),
  'sandbox-runtime': () => import('./peers/sandbox-runtime.ts'),
  'bare-mount': () => import('./peers/bare-mount.ts'),
  'git-worktree': () => import('./peers/git-worktree.ts'),
  dbos: () => import('./peers/dbos.ts'),
  graphile: () => import('./peers/graphile.ts'),
  'pg-boss': () => import('./peers/pg-boss.ts'),
} satisfies Record<string, () => Promise<Maker>>;

export type ContestantFile = keyof typeof files;
export type Order = { index: number; operations: number } | { close: true };
export type Answer = { contestants: Pick<Contestant, 'name' | 'operations'>[] } | { samples: number[] };

const [file, place = ''] = process.argv.slice(2);
const answer = (what: Answer) => process.send?.(what);
const closers: (() => Promise<unknown>)[] = [];
const { open }: Maker = await files[file as ContestantFile]();
const contestants = await open(JSON.parse(place) as Place, (close) => closers.push(close));

async function close(): Promise<void> {
  for (const end of closers.toReversed()) await end();
  process.exit(0);
}

async function obey(order: Order): Promise<void> {
  if ('close' in order) return close();
  const samples = await contestants[order.index]?.block(order.operations);
  if (samples) answer({ samples });
}

process.once('disconnect', () => process.exit(1));
// Ctrl-C reaches the whole group; the parent decides what ends when.
process.on('SIGINT', () => {});
process.on('message', (order) => {
  obey(order as Order).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
answer({ contestants: contestants.map(({ name, operations }) => ({ name, ...(operations ? { operations } : {}) })) });
