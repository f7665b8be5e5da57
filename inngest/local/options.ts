import type { BackoffCurve } from './backoff.ts';

/** Where the engine says what happened. Never given payloads, keys or signatures. */
export type EngineLog = Record<'info' | 'warn' | 'error', (detail: Record<string, unknown>, message: string) => void>;

/** Milliseconds. */
export type EngineTiming = {
  /** After a function failed: uses up one of its attempts. */
  retry: BackoffCurve;
  /** After the worker could not be reached or broke off: uses up none. */
  reconnect: BackoffCurve;
  /** How late a job that is due later than a minute from now may be found. */
  poll: number;
  /** How long to wait for another engine on the same database to go away. */
  lockWait: number;
  /** How long calls in flight may run on after `close`. */
  stopGrace: number;
  /** A call that has not answered by then has failed. */
  call: number;
};

export const defaultTiming: EngineTiming = {
  retry: { baseMs: 1000, capMs: 600_000 },
  reconnect: { baseMs: 100, capMs: 5000 },
  poll: 2000,
  lockWait: 10_000,
  stopGrace: 5000,
  call: 7_200_000,
};

export type EngineOptions = {
  databaseUrl: string;
  /** Address to listen on; port 0 takes a free one. */
  host: string;
  port: number;
  eventKey: string;
  signingKey: string;
  log: EngineLog;
  now: () => Date;
  /** In [0, 1): spreads retries. */
  random: () => number;
  timing?: Partial<EngineTiming>;
};

/** The platform's own limits, kept here so that a function that passes on this engine passes there. */
export const limits = {
  stepsPerRun: 1000,
  stepBytes: 4 * 1024 * 1024,
  eventBytes: 1024 * 1024,
  registrationBytes: 4 * 1024 * 1024,
  /** Times in a row the worker may break off one call before that counts as a failed attempt. */
  lossesPerAttempt: 10,
} as const;
