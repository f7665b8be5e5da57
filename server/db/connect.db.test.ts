import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyMigrations, ensureRoles } from '../boot/migrate.ts';
import { startPostgres } from '../boot/postgres.ts';
import type { PostgresServer } from '../boot/postgres.ts';
import { makeOrg } from '../testing/factories.ts';
import { scratchFolder } from '../testing/scratch-folder.ts';
import { openDatabase } from './connect.ts';
import { openListener } from './listen.ts';

// These tests stop and kill the server, so they have one of their own.

const dataDir = scratchFolder();
const start = (port?: number) =>
  startPostgres({ dataDir, password: 'test', settings: { fsync: 'off' }, ...(port ? { port } : {}) });
let server: PostgresServer;
let appUrl: string;
beforeAll(async () => {
  server = await start();
  const { adminUrl } = server;
  ({ appUrl } = await ensureRoles({ adminUrl, appPassword: 'app', enginePassword: 'engine' }));
  await applyMigrations({ adminUrl });
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

describe('while the server is away', () => {
  test('every way in says unavailable, and works again once it is back', async () => {
    const database = openDatabase({ appUrl });
    const listener = openListener(appUrl);
    await listener.ready;
    const org = await makeOrg(database);
    const where = { id: org.orgId };
    const ways = {
      query: () => org.db.org.findUnique({ where }),
      system: () => database.system.user.count(),
      function: () => database.orgsOfUser(org.owner.userId),
      transaction: () => database.transaction(org.orgId, (tx) => tx.org.findUnique({ where })),
    };
    await server.stop();
    for (const [name, way] of Object.entries(ways)) {
      // Once with connections that were lost, once with none to be had.
      for (let n = 0; n < 2; n++) await expect(way(), name).rejects.toMatchObject({ code: 'unavailable' });
    }
    const heard = new Promise<void>((resolve) => listener.onOrg(org.orgId, resolve));
    server = await start(server.port);
    await heard;
    expect(await ways.query()).toMatchObject(where);
    expect(await ways.transaction()).toMatchObject(where);
    expect(await ways.system()).toBe(1);
    await listener.close();
    await database.close();
  });

  test('a transaction that loses its connection midway is not half done', async () => {
    const database = openDatabase({ appUrl, max: 2 });
    const org = await makeOrg(database);
    const where = { id: org.orgId };
    const cut = database.transaction(org.orgId, async (tx) => {
      await tx.org.update({ where, data: { name: 'half' } });
      const port = server.port;
      await server.stop();
      server = await start(port);
      await tx.org.update({ where, data: { name: 'whole' } });
    });
    await expect(cut).rejects.toMatchObject({ code: 'unavailable' });
    expect(await org.db.org.findUnique({ where })).toMatchObject({ name: org.name });
    await database.close();
  });
});

test('of two that lock each other out, one is told to try again', async () => {
  const database = openDatabase({ appUrl });
  const [org, user] = [await makeOrg(database), 'x'];
  const rows = ['a', 'b'].map((name) => ({ orgId: org.orgId, id: name, name, createdAt: new Date() }));
  await org.db.role.createMany({ data: rows });
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  const cross = (first: string, second: string) =>
    database.transaction(org.orgId, async (tx) => {
      await tx.role.updateMany({ where: { id: first }, data: { name: `${first}${user}` } });
      if (++waiting === 2) resolve();
      await both;
      await tx.role.updateMany({ where: { id: second }, data: { name: `${second}${user}` } });
    });
  const ends = await Promise.allSettled([cross('a', 'b'), cross('b', 'a')]);
  const refused = ends.filter((end) => end.status === 'rejected');
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toMatchObject({ code: 'conflict' });
  await database.close();
});
