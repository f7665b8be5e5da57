import type { RunOutcome } from '../runs/run-state.ts';

/** How long a deletion can be undone, unless the operator says otherwise; the database lets none be shorter than a day. */
export const defaultGraceDays = 14;

/** How long a sign-in counts as fresh for what cannot be taken back. */
export const freshMs = 15 * 60 * 1_000;

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** `4 December 2026`, in UTC. */
export const dayOf = (at: Date): string => day.format(at);

/** Why nothing new starts in an org that is about to go. */
export function whyNoNewWork(dueAt: Date): string {
  return `This org is to be deleted on ${dayOf(dueAt)}: nothing new is started in it. An owner can undo that under Settings, Danger zone.`;
}

/** How a run ends whose org is about to go. */
export function orgIsGoing(dueAt: Date): RunOutcome {
  return { reason: 'not_allowed', detail: whyNoNewWork(dueAt) };
}
