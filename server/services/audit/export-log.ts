import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgDb } from '../../db/connect.ts';
import { excerptPages, leafPages } from '../../db/excerpt-log.ts';
import { exportPages, headSealedAt } from '../../db/export-log.ts';
import type { LogQuery } from '../../db/log-query.ts';
import { sealTree } from '../../db/seal-tree.ts';
import type { AuditPublicKey } from '../../domain/audit/checkpoint.ts';
import type { ExportedLine } from '../../domain/audit/exported-log.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import { csvHeading, csvLines } from './csv-lines.ts';
import { resolveFilter } from './resolve-filter.ts';

export const exportForms = ['jsonl', 'csv'] as const;
export type ExportForm = (typeof exportForms)[number];

type Deps = { database: Database; auditKeys: AuditKeys; orgId: string; actor: Actor; now: Date };
type Asked = {
  form: ExportForm;
  filter: string;
  /** Where an earlier export of the same filter was broken off: its size and the leaf to go on from. */
  resume?: { size: number; from: number } | undefined;
};

/** `size` is that of the signed head up to which it goes; whoever goes on later names it. */
export type Exporting = { size: number; pages: AsyncIterable<string> };

/**
 * Hands out what passes the filter, up to a head signed now, as text, page by page. That it was asked for is in the log
 * before the first line of it leaves. Throws AppError `invalid_input` for a filter or a place that there is none of.
 */
export async function exportLog(deps: Deps, { form, filter, resume }: Asked): Promise<Exporting> {
  const { database, auditKeys, orgId, now } = deps;
  const db = database.org(orgId);
  const resolve = (at: Date) => resolveFilter({ db, system: database.system, orgId, now: at }, filter);
  await resolve(now);
  const begun = resume ? await headSealedAt(db, resume.size) : null;
  const from = resume?.from ?? 0;
  await noteExport(deps, { form, filter, from });
  const head = begun ?? (await sealTree(database, { orgId, keys: auditKeys, now }));
  if (head === null) throw new AppError('not_found', 'The log is empty.');
  const { size } = head;
  // `7d` is of the head's time: who goes on days later gets what the first part was a part of.
  const query = await resolve(head.at);
  if (from > size) throw new AppError('invalid_input', `The export ends at leaf ${size}, before leaf ${from}.`);
  const of = { size, from, query, filter, keys: await auditKeys.published() };
  return { size, pages: form === 'csv' ? csvPages(db, of) : jsonPages(db, of) };
}

async function noteExport({ database, orgId, actor, now: at }: Deps, asked: Omit<Asked, 'resume'> & { from: number }) {
  await database.transaction(orgId, async (tx) => {
    const { _sum: sum } = await tx.stream.aggregate({ where: { orgId }, _sum: { headSeq: true } });
    const payload = { events: (sum.headSeq ?? 0) + 1, ...asked };
    await appendOrgEvents(tx, { orgId, actor, at, events: [{ kind: 'audit.exported', payload }] });
  });
}

type Of = { size: number; from: number; query: LogQuery; filter: string; keys: readonly AuditPublicKey[] };

async function* jsonPages(db: OrgDb, of: Of): AsyncGenerator<string> {
  const pages: AsyncIterable<ExportedLine[]> = of.filter.trim() === '' ? exportPages(db, of) : excerptPages(db, of);
  for await (const lines of pages) yield lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

async function* csvPages(db: OrgDb, of: Of): AsyncGenerator<string> {
  if (of.from === 0) yield csvHeading();
  for await (const leaves of leafPages(db, of)) yield csvLines(leaves);
}
