import { Sandbox as E2b } from 'e2b';
import type { Reaped, SandboxPort } from '../../../domain/ports/sandbox.ts';
import { directEgress, type EgressSettings } from '../../egress/settings.ts';
import { machinePort } from '../machine/machine-port.ts';
import { e2bFault } from './e2b-fault.ts';
import { callOf, e2bMachine, leaseMs, metadataOf, type E2bAccount } from './e2b-machine.ts';

/** Whoever lives says so every minute: one that nobody has spoken for in two is nobody's. */
const silentMs = 2 * 60_000 + 30_000;

/** Sandboxes each in a machine of E2B, through its SDK. */
export function e2bSandbox({
  egress = directEgress,
  ...account
}: E2bAccount & { egress?: EgressSettings }): SandboxPort {
  const { name } = account;
  return machinePort({
    name,
    egress,
    image: account.template,
    make: (spec) => e2bMachine(account, spec),
    reap: () => reap(account),
  });
}

async function reap(account: E2bAccount): Promise<Reaped> {
  const call = callOf(account);
  try {
    const found = E2b.list({ ...call, query: { metadata: metadataOf(account) } });
    let sandboxes = 0;
    while (found.hasNext) {
      for (const { sandboxId, endAt } of await found.nextItems()) {
        if (endAt.getTime() - Date.now() > leaseMs - silentMs) continue;
        if (await E2b.kill(sandboxId, call)) sandboxes += 1;
      }
    }
    return { sandboxes, processes: 0 };
  } catch (error) {
    throw e2bFault(error, account);
  }
}
