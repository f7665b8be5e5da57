import { findRunning } from '../server/boot/claim-data-folder.ts';
import type { Config } from '../server/config/config.ts';
import { openDatabase } from '../server/db/connect.ts';
import type { OrgDb } from '../server/db/connect.ts';
import { hex } from '../server/domain/audit/chain.ts';
import { exportedEvent } from '../server/domain/audit/exported-log.ts';
import type { ExportedLine } from '../server/domain/audit/exported-log.ts';
import { AppError } from '../server/domain/errors.ts';

const page = 500;

/** Prints every stream of the org as an exported log, one line of JSON each, from the installation that runs here. */
export async function exportLog(
  slug: string,
  options: { config: Config; print: (line: string) => void },
): Promise<void> {
  const { config, print } = options;
  const appUrl = findRunning(config.dataDir)?.appUrl ?? null;
  if (appUrl === null) {
    throw new AppError('unavailable', `No Fleet runs on ${config.dataDir}. Start it first: npm start`);
  }
  const database = openDatabase({ appUrl, max: 2 });
  try {
    const org = await database.orgBySlug(slug);
    if (org === null) throw new AppError('not_found', `There is no organization ${slug}.`);
    for await (const line of linesOf(database.org(org), org)) print(JSON.stringify(line));
  } finally {
    await database.close();
  }
}

async function* linesOf(db: OrgDb, org: string): AsyncGenerator<ExportedLine> {
  for (const { id: stream, headSeq, headHash } of await db.stream.findMany({ orderBy: { id: 'asc' } })) {
    yield { type: 'head', org, stream, seq: headSeq, hash: hex(headHash) };
    // No further than the head that was read: a run writes on while its stream is exported.
    for (let last = 0; last < headSeq;) {
      const events = await db.event.findMany({
        where: { streamId: stream, seq: { gt: last, lte: headSeq } },
        orderBy: { seq: 'asc' },
        take: page,
      });
      for (const event of events) yield exportedEvent(stream, event);
      last = events.at(-1)?.seq ?? headSeq;
    }
  }
}
