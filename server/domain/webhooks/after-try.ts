import type { WebhookAnswer } from '../ports/send-webhook.ts';

export const mostTries = 12;
/** For how long a message that is being sent belongs to who sends it. */
export const leaseMs = 60_000;
/** A webhook that got nothing through for so long is turned off. */
export const failingMs = 3 * 86_400_000;
/** For how long the secret before a new one signs too. */
export const overlapMs = 86_400_000;

const firstWaitMs = 30_000;
const longestWaitMs = 6 * 3_600_000;

/** `gone`: the address says that it wants nothing any more. */
export type AfterTry =
  | { kind: 'delivered' }
  | { kind: 'again'; waitMs: number; problem: string }
  | { kind: 'dead'; problem: string }
  | { kind: 'gone'; problem: string };

/** What becomes of a message after its `tries`th try. `roll` is in [0, 1). */
export function afterTry(
  answer: WebhookAnswer,
  { tries, now, roll }: { tries: number; now: Date; roll: number },
): AfterTry {
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) return { kind: 'delivered' };
  const problem = problemOf(answer);
  if (answer.kind === 'answered' && answer.status === 410) return { kind: 'gone', problem };
  if (tries >= mostTries) return { kind: 'dead', problem };
  const full = Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1));
  const asked = answer.kind === 'answered' ? retryAfterMs(answer.retryAfter, now) : 0;
  return { kind: 'again', waitMs: Math.max(Math.round(full * (0.5 + roll / 2)), asked), problem };
}

function problemOf(answer: WebhookAnswer): string {
  if (answer.kind === 'unsent') return plain(answer.why, 300);
  const { status } = answer;
  if (status >= 300 && status < 400) return `It answered ${status}, a redirect; none is followed`;
  const said = plain(answer.text, 200);
  return said === '' ? `It answered ${status}` : `It answered ${status}: ${said}`;
}

/** Strangers' words, as a row can hold them. */
const plain = (text: string, most: number) =>
  text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, most);

/** What a `Retry-After` asks for, seconds or a date, up to the longest wait. */
function retryAfterMs(header: string | null, now: Date): number {
  if (header === null || header.trim() === '') return 0;
  const asked = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), longestWaitMs) : 0;
}
