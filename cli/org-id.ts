import { findRunning } from '../server/boot/claim-data-folder.ts';
import { openDatabase } from '../server/db/connect.ts';
import { AppError } from '../server/domain/errors.ts';

/** The id of an org by its short name, from the installation that runs on the data folder. */
export async function orgIdOf(dataDir: string, slug: string): Promise<string> {
  const appUrl = findRunning(dataDir)?.appUrl ?? null;
  if (appUrl === null) {
    throw new AppError('unavailable', `No Fleet runs on ${dataDir}. Start it first: npm start`);
  }
  const database = openDatabase({ appUrl, max: 1 });
  try {
    const org = await database.orgBySlug(slug);
    if (org === null) throw new AppError('not_found', `There is no organization ${slug}.`);
    return org;
  } finally {
    await database.close();
  }
}
