import { appendOrgEvents } from '../../server/db/append-event.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { SetUpPlace, SetUpPorts } from '../../server/services/environment/set-up-repo.ts';
import { platform } from '../../server/services/pipeline/work-context.ts';
import { networkOutbox } from './network-outbox.ts';
import type { Worker } from './worker.ts';

/** The network of an org's set-ups: what they ask for is in the org's log before it leaves, or it is refused. */
export function setUpNetwork(
  { database, clock }: Pick<Worker, 'database' | 'clock'>,
  orgId: string,
): SetUpPorts['network'] {
  return ({ repoId, commit, policy, credentials }) => {
    const outbox = networkOutbox(policy, credentials);
    const write = (requested: RunEvent[]) =>
      database.transaction(orgId, async (tx) => {
        const events = requested.flatMap((event) => eventOf(event, { repoId, commit }));
        await appendOrgEvents(tx, { orgId, actor: platform, at: clock.now(), events });
      });
    outbox.open(write);
    return {
      egress: outbox.egress,
      async close() {
        const left = await outbox.close();
        if (left.length > 0) await write(left);
      },
    };
  };
}

function eventOf({ kind, payload }: RunEvent, place: SetUpPlace) {
  return kind === 'network.requested' ? [{ kind: 'set-up.requested' as const, payload: { ...payload, ...place } }] : [];
}
