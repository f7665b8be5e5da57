import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { NetworkPolicy } from '../../server/domain/network/network-policy.ts';
import type { NetworkRequest } from '../../server/domain/network/network-request.ts';
import type { SandboxEgress } from '../../server/domain/ports/sandbox.ts';

/** Requests of a run's sandbox on their way to its log. */
export type NetworkOutbox = {
  /** Null where the role names nothing to reach: then there is no network at all. */
  egress: SandboxEgress | null;
  /** The same, with all refused where nothing is named: for what is asked for from outside the sandbox. */
  outlet: SandboxEgress;
  /** What came since the last time, as events. A run's log has one writer, so they wait for its next entry. */
  drain(): RunEvent[];
};

export function networkOutbox(policy: NetworkPolicy): NetworkOutbox {
  let waiting: NetworkRequest[] = [];
  const isClosed = policy.rules.length === 0 && policy.registries.length === 0;
  const onRequest = (request: NetworkRequest) => void waiting.push(request);
  const outlet: SandboxEgress = { policy, credentials: [], onRequest };
  return {
    egress: isClosed ? null : outlet,
    outlet,
    drain: () => {
      const events = waiting.map((payload): RunEvent => ({ kind: 'network.requested', payload }));
      waiting = [];
      return events;
    },
  };
}
