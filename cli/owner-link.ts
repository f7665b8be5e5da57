import { createOwnerLink } from '../server/auth/owner-link.ts';
import { findRunning } from '../server/boot/claim-data-folder.ts';
import { readInstallation } from '../server/boot/installation.ts';
import type { OwnerLinkRequest } from '../server/boot/start-installation.ts';
import type { Config } from '../server/config/config.ts';
import type { Database } from '../server/db/connect.ts';
import { AppError } from '../server/domain/errors.ts';

/** Makes a one-time sign-in link for the operator; earlier ones are void. */
export async function createInstallationLink({ appUrl, ...link }: OwnerLinkRequest): Promise<string> {
  return withDatabase(appUrl, (database) => createOwnerLink(database.system, link));
}

/** Whether somebody signed in through an owner link before. */
export async function hasOperator(appUrl: string): Promise<boolean> {
  return withDatabase(appUrl, async (database) => {
    const installation = await database.system.installation.findUnique({ where: { id: 1 } });
    return installation !== null && installation.operatorUserId !== null;
  });
}

/** A new sign-in link for the installation that runs on the configured data folder. */
export async function linkForRunning(config: Config, now: Date): Promise<string> {
  const running = findRunning(config.dataDir);
  const secret = config.nextAuthSecret ?? readInstallation(config.dataDir)?.nextAuthSecret ?? null;
  if (running === null || running.appUrl === null || secret === null) {
    throw new AppError('unavailable', `No Fleet runs on ${config.dataDir}. Start it first: npm start`);
  }
  return createInstallationLink({ appUrl: running.appUrl, publicUrl: running.url, secret, now });
}

/** In a fresh clone the database client does not exist before the first start has generated it. */
async function withDatabase<T>(appUrl: string, use: (database: Database) => Promise<T>): Promise<T> {
  const { openDatabase } = await import('../server/db/connect.ts');
  const database = openDatabase({ appUrl, max: 1 });
  try {
    return await use(database);
  } finally {
    await database.close();
  }
}
