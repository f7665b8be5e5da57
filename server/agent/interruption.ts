import { AppError } from '../domain/errors.ts';
import type { StopCause } from './ports.ts';

/** What may cut a slice short. */
export type Interruption = StopCause;

const kinds = [
  'stopped',
  'draining',
  'lease_lost',
  'time_used',
  'budget_used',
] as const satisfies readonly Interruption['kind'][];

function isInterruption(reason: unknown): reason is Interruption {
  return typeof reason === 'object' && reason !== null && kinds.includes((reason as Interruption).kind);
}

/** Why the signal was aborted, or null while it is not. Throws on a lost lease or a failed write: then nothing may follow. */
export function interruptionOf(signal: AbortSignal): Exclude<Interruption, { kind: 'lease_lost' }> | null {
  if (!signal.aborted) return null;
  const reason: unknown = signal.reason;
  if (isInterruption(reason) && reason.kind !== 'lease_lost') return reason;
  if (reason instanceof Error && reason.name !== 'AbortError') throw reason;
  throw new AppError('lease_lost', 'Another worker holds this run now; this one stops without writing.');
}
