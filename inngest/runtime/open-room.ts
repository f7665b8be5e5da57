import { mcpServers } from '../../server/adapters/mcp/mcp-servers.ts';
import { readPage } from '../../server/adapters/web/read-page.ts';
import { probeTools } from '../../server/agent/environment.ts';
import { foldTranscript } from '../../server/domain/transcript/fold.ts';
import { sandboxLimits } from '../../server/domain/checks/limits.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { openedHosts, type Grant } from '../../server/domain/policy/grant.ts';
import type { RoleBody } from '../../server/domain/roles/role-body.ts';
import type { RepoSetup } from '../../server/domain/setup/repo-setup.ts';
import type { SandboxEgress } from '../../server/domain/ports/sandbox.ts';
import type { Web } from '../../server/domain/ports/web.ts';
import { setupEnv } from '../../server/domain/setup/tool-places.ts';
import { secretsOf } from './host-work.ts';
import { mcpOutlet } from './mcp-outlet.ts';
import { networkOutbox } from './network-outbox.ts';
import type { Room } from './rooms.ts';
import type { RunLog } from './run-log.ts';
import { unlessCut } from './unless-cut.ts';
import type { Worker } from './worker.ts';

type Opening = {
  orgId: string;
  repo: string;
  runId: string;
  tree: string;
  setup: RepoSetup;
  role: RoleBody;
  grants: readonly Grant[];
  log: RunLog;
  /** What the layers of policy say of what the sandbox asks the network for. */
  judge: NonNullable<SandboxEgress['judge']>;
  /** Cuts the slice short. */
  signal: AbortSignal;
};

/** A run's room for this slice; at the slice's end it is kept or closed, more than once is fine. */
export type OpenedRoom = Room & { keep(): void };

/**
 * The room that the last slice kept, or a new one; the log is told which jobs did not live to see it. The caller's hold on
 * the work tree becomes the room's, unless this throws: `sandbox_unavailable`, and what `record` throws. Null where the slice
 * is cut short before there is one.
 */
export async function openRoom(
  worker: Worker,
  { orgId, repo, runId, tree, setup, role, grants, log, judge, signal }: Opening,
): Promise<OpenedRoom | null> {
  const { registries, rules } = role.network;
  const policy = { registries, rules: [...rules, ...openedHosts(grants)] };
  const secrets = await secretsOf(worker, orgId)(repo);
  const spec = {
    id: runId,
    repo,
    tree,
    writable: role.contract === 'build',
    limits: sandboxLimits,
    env: { ...secrets.env, ...setupEnv(setup) },
  };
  const like = JSON.stringify({ spec, policy });
  const { jobs, jobsStarted } = foldTranscript(log.events());
  const open = async () => {
    const network = networkOutbox(policy, secrets.forRun(), true);
    const sandbox = await worker.sandboxes.for(orgId).open({ ...spec, egress: network.egress });
    let closing: Promise<void> | null = null;
    const close = () => (closing ??= sandbox.dispose().then(() => worker.workspaces.rest(runId)));
    const web: Web = { ...worker.outlet(network.outlet), readPage };
    const servers = mcpServers({ sandbox, outlet: (to) => mcpOutlet(worker, network.outlet, to) });
    return { sandbox, network, web, servers, close };
  };
  const entering = worker.rooms.enter({ runId, like, open, before: jobsStarted });
  const entered = await unlessCut(signal, entering, async (late) => {
    if (late) await worker.rooms.close(runId, late.room);
    if (!late?.fresh) await worker.workspaces.rest(runId);
  });
  if (entered === null) return null;
  const { room, fresh } = entered;
  // A kept room has a hold of its own.
  if (!fresh) await worker.workspaces.rest(runId);
  try {
    const ended = fresh ? jobs.map(endedWithSandbox) : [];
    await worker.rooms.leftBehind(runId, (left) => log.record([...left, ...ended]));
    room.network.open(log.record, judge);
    if (!log.events().some(({ kind }) => kind === 'environment.probed')) {
      const tools = await probeTools(room.sandbox, signal);
      if (!signal.aborted) await log.record([{ kind: 'environment.probed', payload: { tools } }]);
    }
    await noteImage(log, room);
  } catch (error) {
    await worker.rooms.close(runId, room, false);
    throw error;
  }
  const close = () => worker.rooms.close(runId, room);
  return { ...room, close, keep: () => worker.rooms.keep({ runId, like }, room) };
}

/** What the run's sandbox is made of is said once, and again where an engine has another image by then. */
async function noteImage(log: RunLog, { sandbox: { image } }: Room): Promise<void> {
  const last = log.events().findLast((event) => event.kind === 'sandbox.opened');
  if (image === undefined || last?.payload.image === image) return;
  await log.record([{ kind: 'sandbox.opened', payload: { image } }]);
}

function endedWithSandbox(job: { jobId: string; command: string }): RunEvent {
  return { kind: 'job.ended', payload: { ...job, by: 'sandbox', exitCode: null, said: '' } };
}
