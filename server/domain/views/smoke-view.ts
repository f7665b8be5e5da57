import type { SmokeResult, SmokeTry } from '../policy/smoke/smoke-test.ts';

type Done = Extract<SmokeResult, { tries: unknown }>;

export type SmokeView = {
  id: string;
  repo: string;
  agent: string;
  askedAt: string;
  /** Null until a worker has done it. `held`: it came out as it has to. */
  result: null | { problem: string } | (Omit<Done, 'tries'> & { tries: (SmokeTry & { held: boolean })[] });
};
