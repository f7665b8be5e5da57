import type { SeenEvent } from './cut-viewer.ts';

/** A log as the database has it, and what was said of it: what its writers were told is committed, and what viewers saw. */
export type Streamed = { stored: SeenEvent[]; committed: number[]; viewers: SeenEvent[][] };

/** `faults` is empty where it holds; `broken` is a world in which it does not, and which must be found out. */
type Invariant = { name: string; faults(seen: Streamed): string[]; broken(seen: Streamed): Streamed };

const eachViewer = (seen: Streamed, faults: (viewer: SeenEvent[], at: number) => string[]) =>
  seen.viewers.flatMap((viewer, at) => faults(viewer, at).map((fault) => `viewer ${at}: ${fault}`));
const lastViewer = (seen: Streamed, change: (viewer: SeenEvent[]) => SeenEvent[]): Streamed => ({
  ...seen,
  viewers: seen.viewers.map((viewer, at) => (at === seen.viewers.length - 1 ? change(viewer) : viewer)),
});

export const streamInvariants: Invariant[] = [
  {
    name: 'the log is without gap and repetition',
    faults: ({ stored }) =>
      stored.flatMap(({ seq }, at) => (seq === at + 1 ? [] : [`event ${seq} is the ${at + 1}th`])),
    broken: (seen) => ({ ...seen, stored: seen.stored.toSpliced(1, 1) }),
  },
  {
    name: 'what was said to be committed is there',
    faults: ({ stored, committed }) => {
      const there = new Set(stored.map(({ seq }) => seq));
      return committed.filter((seq) => !there.has(seq)).map((seq) => `event ${seq} is gone`);
    },
    broken: (seen) => ({ ...seen, committed: [...seen.committed, seen.stored.length + 1] }),
  },
  {
    name: 'every viewer saw every event',
    faults: (seen) =>
      eachViewer(seen, (viewer) => {
        const saw = new Set(viewer.map(({ seq }) => seq));
        return seen.stored.filter(({ seq }) => !saw.has(seq)).map(({ seq }) => `did not see ${seq}`);
      }),
    broken: (seen) => lastViewer(seen, (viewer) => viewer.toSpliced(Math.floor(viewer.length / 2), 1)),
  },
  {
    name: 'no viewer saw one twice or out of order',
    faults: (seen) =>
      eachViewer(seen, (viewer) =>
        viewer.flatMap(({ seq }, at) => (seq > (viewer[at - 1]?.seq ?? 0) ? [] : [`saw ${seq} after a later one`])),
      ),
    broken: (seen) => lastViewer(seen, (viewer) => [...viewer, ...viewer.slice(-1)]),
  },
  {
    name: 'what was seen is what is stored',
    faults: (seen) => {
      const hashes = new Map(seen.stored.map(({ seq, hash }) => [seq, hash]));
      return eachViewer(seen, (viewer) =>
        viewer.filter(({ seq, hash }) => hashes.get(seq) !== hash).map(({ seq }) => `saw another ${seq}`),
      );
    },
    broken: (seen) => lastViewer(seen, (viewer) => viewer.with(0, { ...viewer[0]!, hash: '0' })),
  },
];
