/** Whether the worker answered the last call, for /health. */
export type WorkerHealth = {
  reached(): void;
  missed(why: string): void;
  status(): { reachable: boolean | null; since: string | null; why: string | null };
};

export function createWorkerHealth(now: () => Date): WorkerHealth {
  let last: { reachable: boolean; since: Date; why: string | null } | null = null;
  const note = (reachable: boolean, why: string | null) => {
    const since = last !== null && last.reachable === reachable ? last.since : now();
    last = { reachable, since, why };
  };
  return {
    reached: () => note(true, null),
    missed: (why) => note(false, why),
    status: () => ({
      reachable: last?.reachable ?? null,
      since: last?.since.toISOString() ?? null,
      why: last?.why ?? null,
    }),
  };
}
