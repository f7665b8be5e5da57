import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { migrationsDir, openSchemaEngine } from '../server/boot/migrate-engine.ts';
import { ensureRoles } from '../server/boot/migrate.ts';
import { startPostgres } from '../server/boot/postgres.ts';

// npm run db:diff -- NAME    writes prisma/migrations/<UTC>_NAME when schema.prisma is ahead of the migrations
// npm run db:diff -- --check ends with 1 when it is

const name = process.argv[2] ?? '';
if (name !== '--check' && !/^[a-z][a-z0-9_]*$/.test(name)) {
  process.stderr.write('Say what the migration does in snake_case: npm run db:diff -- add_labels\n');
  process.exit(2);
}

const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'fleet-diff-'));
const password = 'throw-away';
const server = await startPostgres({ dataDir, password, settings: { fsync: 'off' } });
try {
  // Migrations grant to the roles, so these must exist where the shadow database replays them.
  await ensureRoles({ adminUrl: server.adminUrl, appPassword: password, enginePassword: password });
  const engine = await openSchemaEngine(server.adminUrl);
  process.exitCode = report(await engine.diff());
  await engine.close();
} finally {
  await server.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
}

function report(sql: string | null): number {
  if (sql === null) {
    process.stdout.write('The migrations and prisma/schema.prisma agree.\n');
    return 0;
  }
  if (name === '--check') {
    process.stderr.write(`prisma/schema.prisma is ahead of the migrations. Run: npm run db:diff -- NAME\n\n${sql}\n`);
    return 1;
  }
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const file = path.join(migrationsDir, `${stamp}_${name}`, 'migration.sql');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, sql);
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
  return 0;
}
