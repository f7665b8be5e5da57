import type { Bus } from '../../../inngest/bus/events.ts';
import type { Database } from '../../db/connect.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { PriceRow } from '../../domain/prices/price.ts';
import type { SandboxPort } from '../../domain/ports/sandbox.ts';
import type { Workspaces } from '../../domain/ports/workspaces.ts';
import type { SetUpPorts } from '../environment/set-up-repo.ts';
import type { ReadRepoSecrets } from '../secrets/repo-secrets.ts';

/** What every use case of the work part is handed. `now` is read once per call by whoever composes it. */
export type WorkContext = { database: Database; orgId: string; now: Date; bus: Bus };

export type ActorContext = WorkContext & { actor: Actor };

/** What the installation gives every org: its own key for Anthropic, if it has one, and the list prices. */
export type ModelOffer = { environmentKey: boolean; listPrices: readonly PriceRow[] };

/** For work that takes a while on this host: it reads the time as it goes and stops when the worker drains. */
export type HostContext = Omit<WorkContext, 'now'> & {
  clock: Clock;
  codeHost: CodeHost;
  auditKeys: AuditKeys;
  sandboxes: Pick<SandboxPort, 'open'>;
  workspaces: Workspaces;
  secrets: ReadRepoSecrets;
  network: SetUpPorts['network'];
  /** Names this process in leases. */
  worker: string;
  /** The operator's log. */
  report(error: unknown, where: string): void;
  /** Aborted when the worker drains: the work is given back for another worker. */
  signal: AbortSignal;
};

/** The platform acting by itself. */
export const platform: Actor = { type: 'system', reason: 'pipeline' };
