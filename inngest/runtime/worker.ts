import type { Database } from '../../server/db/connect.ts';
import type { AuditKeys } from '../../server/domain/ports/audit-keys.ts';
import type { Blobs } from '../../server/domain/ports/blobs.ts';
import type { Clock } from '../../server/domain/ports/clock.ts';
import type { CodeHost } from '../../server/domain/ports/code-host.ts';
import type { HeadKeeper } from '../../server/domain/ports/head-keeper.ts';
import type { Mailer } from '../../server/domain/ports/mailer.ts';
import type { ModelPort } from '../../server/domain/ports/model.ts';
import type { SampleRemote } from '../../server/domain/ports/sample-remote.ts';
import type { SandboxEgress } from '../../server/domain/ports/sandbox.ts';
import type { SecretBoxes } from '../../server/domain/ports/secret-box.ts';
import type { Sandboxes } from '../../server/domain/ports/sandboxes.ts';
import type { Outlet } from '../../server/domain/ports/web.ts';
import type { SendWebhook } from '../../server/domain/ports/send-webhook.ts';
import type { TxtRecords } from '../../server/domain/ports/txt-records.ts';
import type { Workspaces } from '../../server/domain/ports/workspaces.ts';
import type { Runnable } from '../../server/domain/models/choose-model.ts';
import type { Bus } from '../bus/events.ts';
import type { Rooms } from './rooms.ts';

/** The parts of the worker process. Made once by openWorker; a test makes its own. */
export type Worker = {
  /** Names this process in leases. */
  id: string;
  database: Database;
  blobs(orgId: string): Blobs;
  bus: Bus;
  clock: Clock;
  codeHost: CodeHost;
  auditKeys: AuditKeys;
  mailer: Mailer;
  sandboxes: Sandboxes;
  txtRecords: TxtRecords;
  /** The way out of a run for what is not done in its sandbox. */
  outlet(egress: SandboxEgress): Outlet;
  rooms: Rooms;
  /** Null: heads are kept nowhere beside the database. */
  headKeeper: HeadKeeper | null;
  sendWebhook: SendWebhook;
  /** In [0, 1): spreads tries that failed together. */
  roll(): number;
  /** Opens what orgs have saved for the proxies of their sandboxes. */
  secretBoxes: SecretBoxes;
  workspaces: Workspaces;
  sampleRemote: Pick<SampleRemote, 'orgs' | 'remove'>;
  models: Models;
  /** Aborted when the process is asked to stop: slices, checks and merges give back what they hold. */
  draining: AbortSignal;
  /** Text of a turn that is being written, for the live page. Ephemeral; never fails. */
  publish(runId: string, delta: { turn: number; text: string }): Promise<void>;
  /** The operator's log. */
  report(error: unknown, where: string): void;
  /** How long a slice goes on before it ends at a turn boundary. */
  sliceMs: number;
  /** For how many days every org keeps its records at least. */
  recordDays: number;
};

export type Models = {
  /** Whether this installation has a key of its own, for orgs without one. */
  environmentKey: boolean;
  /** The backend of a model of an org; null where its key is gone. */
  open(orgId: string, wanted: Runnable & { scripted: boolean }): Promise<ModelPort | null>;
};
