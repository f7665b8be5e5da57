import { setTimeout as sleep } from 'node:timers/promises';

const mostMs = 150_000;
/** Often at first; what takes long is not made slower by those who wait for it. */
const firstMs = 20;
const mostEveryMs = 100;

/** Looks until there is something to see. Throws what was waited for, in vain, after two and a half minutes. */
export async function waitFor<T>(
  probe: () => Promise<T | null | false>,
  what: () => Promise<string>,
  patienceMs = mostMs,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (let everyMs = firstMs; ; everyMs = Math.min(mostEveryMs, everyMs * 1.2)) {
    const found = await probe();
    if (found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${await what()}`);
    await sleep(everyMs);
  }
}
