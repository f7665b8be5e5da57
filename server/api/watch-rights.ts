import { AppError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports/clock.ts';

/** `right` names whose right to what it is: whoever names the same is looked at once. */
type Watched = { right: string; stillMay: () => Promise<void> };
type End = (reason: AppError) => void;

/** Looks again and again whether who opened a stream may still read it. */
export type RightsWatch = {
  /** Calls `end` once that is not so any more. Returns what ends the watch. */
  watch(watched: Watched, end: End): () => void;
};

/** How long a stream may outlive the right to it; a look costs a few reads by key. */
const lookMs = 3_000;

type Deps = { clock: Clock; report: (error: unknown, where: string) => void };

export function rightsWatch({ clock, report }: Deps): RightsWatch {
  const looks = new Map<string, { ends: Set<{ end: End }>; over: AbortController }>();

  const look = async (
    { right, stillMay }: Watched,
    { ends, over }: { ends: Set<{ end: End }>; over: AbortController },
  ) => {
    for (;;) {
      await clock.sleep(lookMs, over.signal).catch(() => undefined);
      if (over.signal.aborted) return;
      try {
        await stillMay();
      } catch (error) {
        if (!(error instanceof AppError)) report(error, 'the watch over open streams');
        // A database that is away takes nobody's right; the stream itself says that it is away.
        else if (error.code !== 'unavailable') {
          looks.delete(right);
          for (const { end } of ends) end(error);
          return;
        }
      }
    }
  };

  return {
    watch(watched, end) {
      const { right } = watched;
      const there = looks.get(right);
      const watching = there ?? { ends: new Set(), over: new AbortController() };
      const own = { end };
      watching.ends.add(own);
      if (there === undefined) {
        looks.set(right, watching);
        void look(watched, watching);
      }
      return () => {
        watching.ends.delete(own);
        if (watching.ends.size > 0) return;
        watching.over.abort();
        if (looks.get(right) === watching) looks.delete(right);
      };
    },
  };
}
