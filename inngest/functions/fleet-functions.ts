import type { BusClient } from '../bus/client.ts';
import type { Worker } from '../runtime/worker.ts';
import { advancePipelineRunFunction } from './advance-pipeline-run.ts';
import { checkEnvironmentFunction } from './check-environment.ts';
import { clearSnapshotsFunction } from './clear-snapshots.ts';
import { deliverWebhookFunction } from './deliver-webhook.ts';
import { lookAtDomainsFunction } from './look-at-domains.ts';
import { mergeChangeFunction } from './merge-change.ts';
import { purgeOrgsFunction } from './purge-orgs.ts';
import { runCheckFunction } from './run-check.ts';
import { runSlice } from './run-slice.ts';
import { sealLogsFunction } from './seal-logs.ts';
import { smokePolicyFunction } from './smoke-policy.ts';
import { sweep } from './sweep.ts';
import { sweepRetentionFunction } from './sweep-retention.ts';
import { tryMcpServerFunction } from './try-mcp-server.ts';

/** Every function that the engine may call, over one worker's parts. */
export function fleetFunctions(client: BusClient, worker: Worker) {
  return [
    runSlice(client, worker),
    advancePipelineRunFunction(client, worker),
    runCheckFunction(client, worker),
    mergeChangeFunction(client, worker),
    checkEnvironmentFunction(client, worker),
    tryMcpServerFunction(client, worker),
    smokePolicyFunction(client, worker),
    deliverWebhookFunction(client, worker),
    sweep(client, worker),
    sealLogsFunction(client, worker),
    purgeOrgsFunction(client, worker),
    clearSnapshotsFunction(client, worker),
    sweepRetentionFunction(client, worker),
    lookAtDomainsFunction(client, worker),
  ];
}
