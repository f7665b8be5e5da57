import { afterEach } from 'vitest';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** Undoes something at the end of the test, before what was made earlier: no worker outlives the folder that it works in. */
export function atEnd(end: () => Promise<unknown>): void {
  endings.push(end);
}
