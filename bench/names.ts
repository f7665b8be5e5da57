/** What is timed, as the table prints it. */
export const names = {
  turn: 'ours: turn less model and sandbox',
  wholeTurn: 'ours: whole turn with sandbox',
  insert: 'floor: one bare durable insert',
  loop: 'floor: undurable, unsandboxed loop',
  dbos: 'peer: DBOS, two durable steps',
  started: 'ours: event sent → function running',
  claimed: 'ours: event sent → run claimed and open',
  graphile: 'floor: a bare graphile-worker job',
  pgBoss: 'peer: pg-boss, default poll',
} as const;
