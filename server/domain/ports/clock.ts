/**
 * Time as an argument. `now` is wall-clock UTC and may jump; `elapsed` is milliseconds since some moment and never does:
 * spans are measured with it. `sleep` resolves after `ms` or rejects with the
 * signal's reason.
 */
export type Clock = {
  now(): Date;
  elapsed(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
