/** Where a worker process shall kill itself, as a power cut would. */
export type CrashPoint =
  | 'handoff: before the push'
  | 'handoff: after the push'
  | 'merge: before the push'
  | 'merge: after the push'
  | 'check: in the tests';

/** What a worker process of a test is given. */
export type CrashOrder = { appUrl: string; engineAt: string; dataDir: string; modelUrl: string };
