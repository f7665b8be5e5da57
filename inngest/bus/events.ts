/** Inngest events carry ids, never authority: every function re-reads and re-checks the rows it is named. */
export type BusEvents = {
  /** Something a pipeline run waits for may have happened: look at its rows and move it on. */
  'pipeline-run/advance-requested': { orgId: string; pipelineRunId: string };
  /** A queued run may be claimed and advanced by one slice. */
  'run/slice-requested': { orgId: string; runId: string };
  'check/requested': { orgId: string; stageAttemptId: string };
  'environment/check-requested': { orgId: string; environmentCheckId: string };
  'mcp-server/try-requested': { orgId: string; serverId: string; repoId: string };
  'policy/smoke-asked': { orgId: string; smokeId: string };
  /** Messages may be due to an org's webhook. */
  'webhook/deliver-requested': { orgId: string; webhookId: string };
  'merge/requested': { orgId: string; stageAttemptId: string };
  /** Tells slices in flight to look at their command rows now. */
  'run/command-recorded': { orgId: string; runId: string };
};

export type BusEventName = keyof BusEvents;
export type BusEvent = { [N in BusEventName]: { name: N; data: BusEvents[N]; id?: string } }[BusEventName];

/** Sends after the rows are committed. Losing a message is repaired by the sweeper; sending twice does nothing twice. */
export type Bus = {
  send(events: BusEvent[]): Promise<void>;
  /** Tells the operator of a message that was lost and is left to the sweeper. */
  lost(error: unknown): void;
};
