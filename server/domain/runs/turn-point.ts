import type { RunEvent } from '../events/run-events.ts';

/** Where a run can be gone on from: the end of a turn, with its results and its work tree. `seq` is its last event. */
export type TurnPoint = { turn: number; seq: number; commit: string };

/** The end of a turn in a run's own events; null where its work tree was not kept, or the turn is not there. */
export function turnPoint(own: readonly RunEvent[], turn: number): TurnPoint | null {
  const at = own.findIndex(({ kind, payload }) => kind === 'workspace.snapshotted' && payload.turn === turn);
  const event = own[at];
  return event?.kind === 'workspace.snapshotted' ? { turn, seq: at + 1, commit: event.payload.commit } : null;
}
