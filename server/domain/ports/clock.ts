/** Time as an argument. `now` is wall-clock UTC; `sleep` resolves after `ms` or rejects with the signal's reason. */
export type Clock = {
  now(): Date;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
