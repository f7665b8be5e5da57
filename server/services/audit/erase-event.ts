import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { eraseEvent as blank, findErasable } from '../../db/erase.ts';
import type { Erasable } from '../../db/erase.ts';
import { hex } from '../../domain/audit/bytes.ts';
import { fromCanonicalBytes } from '../../domain/audit/canonical.ts';
import { parseHeader } from '../../domain/audit/chained-event.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { tombstoneNote, tombstoneText } from '../../domain/audit/tombstone.ts';
import type { Tombstone } from '../../domain/audit/tombstone.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { remainsOf } from '../../domain/events/erased-payload.ts';
import { mayBeErased } from '../../domain/events/may-be-erased.ts';
import type { AuditKeys, AuditSigner } from '../../domain/ports/audit-keys.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { eraseOutputs, sharedOutputs } from './erase-outputs.ts';
import { assertNotHeld } from './retention/holds.ts';

type Deps = { database: Database; auditKeys: AuditKeys; orgId: string; actor: Actor; now: Date };
type Asked = { streamId: string; seq: number; reason: string };

/**
 * Blanks the payload of one event and leaves a signed tombstone; that it was done is an event of its own. Throws AppError
 * `not_found`, and `conflict` for what has no payload any more, is still worked with, or proves other things.
 */
export async function eraseEvent(deps: Deps, { streamId, seq, reason }: Asked): Promise<void> {
  const { database, auditKeys, orgId, actor, now } = deps;
  const signer = await auditKeys.signer();
  const db = database.org(orgId);
  const seen = await findErasable(db, { stream: streamId, seq });
  const looked = await sharedOutputs(db, { of: seen === null ? [] : [seen], at: await database.time() });
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const event = await findErasable(tx, { stream: streamId, seq });
    if (event === null) throw new AppError('not_found', 'There is no such event.');
    await assertErasable(tx, orgId, event);
    const tombstone = signedTombstone({ orgId, signer }, event, { actor, at: now, why: 'request', reason });
    if (!(await blank(tx, { stream: streamId, seq, tombstone: tombstone.note, at: now }))) throw gone();
    const { kind } = event;
    const outputs = await eraseOutputs(tx, { orgId, erased: [event], looked });
    const payload = { streamId, seq, kind, reason, ...tombstone.hashes, outputs };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'audit.erased', payload }] });
  });
}

async function assertErasable(tx: OrgTx, orgId: string, { payload, log, kind, subject }: Erasable): Promise<void> {
  if (payload.length === 0) throw gone();
  if (!mayBeErased(log, kind)) {
    const message = `Events of the kind ${kind} prove merges, exports or erasures, and are not erased.`;
    throw new AppError('conflict', message);
  }
  await assertNotHeld(tx, { orgId, runId: log === 'run' ? subject : null });
  if (log === 'org') return;
  const open = await tx.run.findFirst({
    where: { orgId, id: subject, stageAttempt: { pipelineRun: { status: { in: ['queued', 'running', 'waiting'] } } } },
    select: { id: true },
  });
  if (open === null) return;
  throw new AppError(
    'conflict',
    'The task of this run is still worked on, and its log is read for that. Erase when it has ended.',
  );
}

const gone = () => new AppError('conflict', 'The payload of this event was erased already.');

type By = Pick<Tombstone, 'actor' | 'why' | 'reason'> & { at: Date };

/** The note that stands for the event's payload, signed. */
export function signedTombstone(
  { orgId, signer }: { orgId: string; signer: AuditSigner },
  event: Erasable,
  { at, ...by }: By,
): { note: string; hashes: { eventHash: string; payloadHash: string } } {
  const { stream, seq, log, kind } = event;
  const payloadHash = parseHeader(event.header)?.payloadHash;
  if (payloadHash === undefined)
    throw new AppError('conflict', 'The event was changed in the database. Verify the log.');
  const hashes = { eventHash: hex(event.hash), payloadHash };
  const left = remainsOf(log, kind, readable(event.payload));
  const text = tombstoneText(orgId, { stream, seq, ...hashes, at: at.toISOString(), ...by, left });
  return { note: tombstoneNote(nodeHashing.sha256, text, { ...signer, signature: signer.sign(text) }), hashes };
}

function readable(payload: Buffer): unknown {
  try {
    return fromCanonicalBytes(payload);
  } catch {
    return null;
  }
}
