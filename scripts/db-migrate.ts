import { applyMigrations, ensureRoles } from '../server/boot/migrate.ts';
import { openInstallation } from '../server/boot/installation.ts';
import { prepareFolder } from '../server/boot/postgres-folder.ts';
import { startPostgres } from '../server/boot/postgres.ts';
import { processConfig } from '../server/config/config.ts';
import { AppError } from '../server/domain/errors.ts';

// Brings the installation's database to this version without starting anything else. `npm start` does the same by itself.

try {
  await migrate();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function migrate(): Promise<void> {
  const config = processConfig();
  prepareFolder(config.dataDir);
  const secrets = openInstallation(config.dataDir, new Date());
  const server =
    config.databaseUrl === null
      ? await startPostgres({ dataDir: config.dataDir, password: secrets.postgresPassword })
      : null;
  const adminUrl = server?.adminUrl ?? config.databaseUrl ?? '';
  try {
    await ensureRoles({ adminUrl, appPassword: secrets.appPassword, enginePassword: secrets.enginePassword });
    const { applied } = await applyMigrations({ adminUrl });
    process.stdout.write(applied.length === 0 ? 'Nothing to apply.\n' : `Applied ${applied.join(', ')}.\n`);
  } finally {
    // One that was found running belongs to an installation that is up.
    if (server?.adopted === false) await server.stop();
  }
}
