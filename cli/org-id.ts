import { findRunning } from '../server/boot/claim-data-folder.ts';
import { openDatabase, type Database } from '../server/db/connect.ts';
import { AppError } from '../server/domain/errors.ts';

/** The id of an org by its short name, from the installation that runs on the data folder. */
export function orgIdOf(dataDir: string, slug: string): Promise<string> {
  return asking(dataDir, (database) => find(database, slug));
}

/** The id of a repo by its org's short name and its own: `acme/shop`. */
export function repoIdOf(dataDir: string, named: string): Promise<string> {
  const [slug = '', name = ''] = named.split('/');
  return asking(dataDir, async (database) => {
    const orgId = await find(database, slug);
    const repo = await database.org(orgId).repo.findFirst({ where: { orgId, name } });
    if (repo === null) throw new AppError('not_found', `${slug} has no repo ${name}.`);
    return repo.id;
  });
}

async function find(database: Database, slug: string): Promise<string> {
  const org = await database.orgBySlug(slug);
  if (org === null) throw new AppError('not_found', `There is no organization ${slug}.`);
  return org;
}

async function asking<T>(dataDir: string, ask: (database: Database) => Promise<T>): Promise<T> {
  const appUrl = findRunning(dataDir)?.appUrl ?? null;
  if (appUrl === null) {
    throw new AppError('unavailable', `No Fleet runs on ${dataDir}. Start it first: npm start`);
  }
  const database = openDatabase({ appUrl, max: 1 });
  try {
    return await ask(database);
  } finally {
    await database.close();
  }
}
