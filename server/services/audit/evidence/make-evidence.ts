import { appendOrgEvents } from '../../../db/append-event.ts';
import type { Database } from '../../../db/connect.ts';
import { excerptPages } from '../../../db/excerpt-log.ts';
import type { LogQuery } from '../../../db/log-query.ts';
import { placesOfSaved } from '../../../db/saved-events.ts';
import { sealTree } from '../../../db/seal-tree.ts';
import { hex, utf8Bytes } from '../../../domain/audit/bytes.ts';
import { bundleFiles, type EvidenceFacts } from '../../../domain/audit/evidence-facts.ts';
import { filterTime } from '../../../domain/audit/log-filter.ts';
import { nodeHashing } from '../../../domain/audit/node-hashing.ts';
import { AppError } from '../../../domain/errors.ts';
import { requesterOf, type Actor } from '../../../domain/events/actor.ts';
import type { AuditKeys } from '../../../domain/ports/audit-keys.ts';
import { namesOf } from '../../views/people.ts';
import { resolveFilter } from '../resolve-filter.ts';
import { collectFacts, type Extent } from './collect-facts.ts';
import { evidencePage } from './evidence-page.ts';
import { zipped, type ZipEntry } from './zipped.ts';

/** A change by number or id, a run by id, or a period. */
export type EvidenceOf =
  { what: 'change'; id: string } | { what: 'run'; id: string } | { what: 'period'; after: string; before: string };

type Deps = { database: Database; auditKeys: AuditKeys; orgId: string; actor: Actor; now: Date };
type Found = EvidenceFacts['about'] & { name: string; extent: Extent };

/**
 * What an auditor needs of some work, in one file: a page to read, the facts, and the excerpt of the log that proves them. The digests of
 * page and facts are in the log before it is signed, so the bundle proves itself. Throws AppError `not_found`.
 */
export async function makeEvidence(
  deps: Deps,
  of: EvidenceOf,
): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }> {
  const { database, auditKeys, orgId, now } = deps;
  const db = database.org(orgId);
  const where = { db, system: database.system, orgId, now };
  const { name, extent, ...about } = await find(deps, of);
  const query = await resolveFilter(where, about.filter);
  const facts = await factsOf(deps, { about, extent });
  const texts = { page: evidencePage(facts), facts: `${JSON.stringify(facts, null, 2)}\n` };
  const made = await noteMade(deps, { about, texts });
  const also = [...(await placesOfSaved(db, versionsIn(facts))), made];
  const head = await sealTree(database, { orgId, keys: auditKeys, now });
  if (head === null) throw new AppError('not_found', 'The log is empty.');
  const keys = await auditKeys.published();
  const log = excerptLines(deps, { query: { ...query, also }, filter: about.filter, size: head.size, keys });
  const entries: ZipEntry[] = [
    { name: bundleFiles.page, texts: [texts.page] },
    { name: bundleFiles.facts, texts: [texts.facts] },
    { name: bundleFiles.log, texts: log },
  ];
  return { name, bytes: zipped(entries, now) };
}

/** What its excerpt shows the coming into force of, also where that was long before. */
function versionsIn({ policies, roles = [], otherApprovals = [] }: EvidenceFacts) {
  const ofVersions = otherApprovals.filter(({ about }) => about !== null);
  return { policies, roles, approvalIds: ofVersions.map(({ id }) => id) };
}

type Pages = { query: LogQuery; filter: string; size: number; keys: Awaited<ReturnType<AuditKeys['published']>> };

async function* excerptLines({ database, orgId }: Deps, of: Pages): AsyncGenerator<string> {
  for await (const lines of excerptPages(database.org(orgId), of)) {
    yield lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}

async function factsOf(deps: Deps, { about, extent }: { about: EvidenceFacts['about']; extent: Extent }) {
  const { database, orgId, actor, now } = deps;
  const where = { db: database.org(orgId), system: database.system, orgId };
  const { id, slug, name } = await where.db.org.findUniqueOrThrow({ where: { id: orgId } });
  const by = requesterOf(actor);
  const facts: EvidenceFacts = {
    v: 1,
    org: { id, slug, name },
    about,
    at: now.toISOString(),
    by: by === null ? 'Fleet' : (await namesOf(where, [by]))(by),
    ...(await collectFacts(where, extent)),
  };
  return facts;
}

type Noted = { about: EvidenceFacts['about']; texts: { page: string; facts: string } };

/** Returns where the event stands that says what was made. */
async function noteMade({ database, orgId, actor, now: at }: Deps, { about, texts }: Noted) {
  const digest = (text: string) => hex(nodeHashing.sha256(utf8Bytes(text)));
  const payload = { ...about, factsSha256: digest(texts.facts), pageSha256: digest(texts.page) };
  return database.transaction(orgId, async (tx) => {
    await appendOrgEvents(tx, { orgId, actor, at, events: [{ kind: 'evidence.made', payload }] });
    const { id, headSeq } = await tx.stream.findUniqueOrThrow({
      where: { orgId_kind_subject: { orgId, kind: 'org', subject: orgId } },
    });
    return { stream: id, seq: headSeq };
  });
}

async function find({ database, orgId, now }: Deps, of: EvidenceOf): Promise<Found> {
  const db = database.org(orgId);
  if (of.what === 'run') {
    const run = await db.run.findUnique({ where: { orgId_id: { orgId, id: of.id } } });
    if (run === null) throw new AppError('not_found', 'There is no such run.');
    const extent = { changes: { id: { in: [] } }, runs: { id: run.id } };
    return { what: 'run', name: run.id, words: `Run ${run.id}`, filter: `run:${run.id}`, extent };
  }
  if (of.what === 'period') {
    const [after, before] = [filterTime(of.after, now), filterTime(of.before, now)];
    const within = { gte: after, lt: before };
    const [from, to] = [after.toISOString(), before.toISOString()];
    const extent = { changes: { updatedAt: within }, runs: { createdAt: within } };
    const name = `${from.slice(0, 10)}-to-${to.slice(0, 10)}`;
    return { what: 'period', name, words: `${from} to ${to}`, filter: `after:${from} before:${to}`, extent };
  }
  const number = /^#?(\d{1,9})$/.exec(of.id)?.[1];
  const where = number === undefined ? { orgId, id: of.id } : { orgId, number: Number(number) };
  const change = await db.change.findFirst({ where, include: { pipelineRun: { include: { task: true } } } });
  if (change === null) throw new AppError('not_found', 'There is no such change.');
  const { pipelineRunId, pipelineRun } = change;
  const extent = { changes: { id: change.id }, runs: { stageAttempt: { pipelineRunId } } };
  const words = `Change #${change.number}: ${pipelineRun.task.title}`;
  return { what: 'change', name: `change-${change.number}`, words, filter: `task:${pipelineRun.task.number}`, extent };
}
