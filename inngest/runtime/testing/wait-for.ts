import { setTimeout as sleep } from 'node:timers/promises';

const mostMs = 150_000;
const everyMs = 20;

/** Looks until there is something to see. Throws what was waited for, in vain, after two and a half minutes. */
export async function waitFor<T>(
  probe: () => Promise<T | null | false>,
  what: () => Promise<string>,
  patienceMs = mostMs,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await probe();
    if (found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${await what()}`);
    await sleep(everyMs);
  }
}
