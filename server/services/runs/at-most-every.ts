import type { Clock } from '../../domain/ports/clock.ts';

/** `act` at the first call at once, and at most once in `ms` while calls go on; the last of them is never left out. */
export function atMostEvery(ms: () => number, clock: Pick<Clock, 'sleep'>, act: () => void): () => void {
  let resting = false;
  let again = false;
  const run = () => {
    resting = true;
    again = false;
    act();
    void clock.sleep(ms()).then(() => {
      resting = false;
      if (again) run();
    });
  };
  return () => {
    if (resting) again = true;
    else run();
  };
}
