import type { Worker } from '../worker.ts';

/** A worker that sends nothing to addresses of orgs, and keeps no head outside. */
export const indoors: Pick<Worker, 'sendWebhook' | 'roll' | 'headKeeper'> = {
  sendWebhook: async () => ({ kind: 'unsent', why: 'no webhook is called here' }),
  roll: () => 0,
  headKeeper: null,
};
