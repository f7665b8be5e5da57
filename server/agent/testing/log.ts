import type { RunEvent, RunEventKind, RunEventPayload } from '../../domain/events/run-events.ts';

export function payloads<K extends RunEventKind>(log: RunEvent[], kind: K): RunEventPayload<K>[] {
  return log.flatMap((event) => (event.kind === kind ? [event.payload as RunEventPayload<K>] : []));
}

export const kinds = (log: RunEvent[]) => log.map(({ kind }) => kind);
