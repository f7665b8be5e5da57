import { installationKeys } from '../server/adapters/audit/installation-keys.ts';
import { systemClock } from '../server/adapters/clock/system-clock.ts';
import { secretBoxes } from '../server/adapters/secrets/secret-boxes.ts';
import { findRunning } from '../server/boot/claim-data-folder.ts';
import type { Config } from '../server/config/config.ts';
import { masterKeysOf } from '../server/config/master-keys.ts';
import { appendOrgEvents } from '../server/db/append-event.ts';
import { openDatabase } from '../server/db/connect.ts';
import type { Database } from '../server/db/connect.ts';
import { dataKeyStore } from '../server/db/data-keys.ts';
import { exportLines } from '../server/db/export-log.ts';
import { sealTree } from '../server/db/seal-tree.ts';
import { AppError } from '../server/domain/errors.ts';

type Options = { config: Config; print: (line: string) => Promise<void> | void };

/**
 * Signs where the org's log stands and prints it up to there as an exported log, one line of JSON each, from the
 * installation that runs here. That it was exported is the last event of it.
 */
export async function exportLog(slug: string, { config, print }: Options): Promise<void> {
  const appUrl = findRunning(config.dataDir)?.appUrl ?? null;
  if (appUrl === null) {
    throw new AppError('unavailable', `No Fleet runs on ${config.dataDir}. Start it first: npm start`);
  }
  const database = openDatabase({ appUrl, max: 2 });
  try {
    const org = await database.orgBySlug(slug);
    if (org === null) throw new AppError('not_found', `There is no organization ${slug}.`);
    const keys = keysOf(config, database);
    const now = await database.time();
    await noteExport(database, org, now);
    const head = await sealTree(database, { orgId: org, keys, now });
    if (head === null) throw new AppError('not_found', `The log of ${slug} is empty.`);
    const of = { size: head.size, keys: await keys.published() };
    for await (const line of exportLines(database.org(org), of)) await print(JSON.stringify(line));
  } finally {
    await database.close();
  }
}

function keysOf(config: Config, { system }: Database) {
  const boxes = secretBoxes({ store: dataKeyStore(system), masterKeys: masterKeysOf(config) });
  return installationKeys({ table: system.auditKey, secretBoxes: boxes, clock: systemClock });
}

async function noteExport(database: Database, orgId: string, at: Date): Promise<void> {
  await database.transaction(orgId, async (tx) => {
    const { _sum: sum } = await tx.stream.aggregate({ where: { orgId }, _sum: { headSeq: true } });
    const payload = { events: (sum.headSeq ?? 0) + 1, form: 'jsonl' };
    const actor = { type: 'system' as const, reason: 'fleet export' };
    await appendOrgEvents(tx, { orgId, actor, at, events: [{ kind: 'audit.exported', payload }] });
  });
}
