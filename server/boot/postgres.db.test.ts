import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scratchFolder } from '../testing/scratch-folder.ts';
import { chooseLauncher, loadPostgresBinaries, recreateLinks } from './postgres-binaries.ts';
import { startPostgres } from './postgres.ts';
import type { PostgresServer } from './postgres.ts';

let dataDir: string;
const running: PostgresServer[] = [];

beforeEach(() => {
  dataDir = scratchFolder();
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
});

async function start(over: Partial<Parameters<typeof startPostgres>[0]> = {}): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir, password: 'p@ss/word', ...over });
  running.push(server);
  return server;
}

async function ask(server: PostgresServer, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.adminUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const alive = (pid: number) =>
  fs.existsSync(`/proc/${pid}/cwd`) && fs.existsSync(path.join(dataDir, 'pg', 'postmaster.pid'));

describe('an embedded server', () => {
  test('is made on first start, ends with stop and keeps port and rows', async () => {
    const first = await start();
    await ask(first, 'create table kept(n int)');
    const durable = await ask(
      first,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync`,
    );
    expect(durable).toEqual([{ fsync: 'on', sync: 'on' }]);
    await first.stop();
    await first.stop();
    expect(alive(first.pid)).toBe(false);
    const second = await start();
    expect(second).toMatchObject({ port: first.port, adminUrl: first.adminUrl, adopted: false });
    expect(await ask(second, 'select * from kept')).toEqual([]);
  });

  test('listens on loopback only, asks for the password and lets nobody else read its folder', async () => {
    const server = await start();
    const [row] = await ask(
      server,
      `select current_setting('listen_addresses') as on, current_setting('unix_socket_directories') as socket`,
    );
    expect(row).toEqual({ on: '127.0.0.1', socket: '' });
    const wrong = new pg.Client({ connectionString: server.adminUrl.replace(/:[^:@]+@/, ':wrong@') });
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' });
    for (const name of ['', 'pg', 'logs']) expect(fs.statSync(path.join(dataDir, name)).mode & 0o066, name).toBe(0);
    expect(fs.readdirSync(dataDir).sort()).toEqual(['logs', 'pg', 'pg.json']);
  });

  test('that outlived its supervisor is taken over as it runs', async () => {
    const first = await start();
    let ended = '';
    const { promise: end, resolve } = Promise.withResolvers<void>();
    const second = await start({
      onExit: (why) => {
        ended = why;
        resolve();
      },
    });
    expect(second).toMatchObject({ pid: first.pid, port: first.port, adopted: true });
    process.kill(second.pid, 'SIGINT');
    await end;
    expect(ended).toContain(String(first.pid));
  });

  test('that was killed is started again and has every row that was committed', async () => {
    const first = await start();
    await ask(first, 'create table kept(n int)');
    await ask(first, 'insert into kept select generate_series(1, 1000)');
    process.kill(first.pid, 'SIGKILL');
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second, 'select count(*)::int as n from kept')).toEqual([{ n: 1_000 }]);
  });

  test('starts although its old pid belongs to another process now', async () => {
    await (await start()).stop();
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    await once(other, 'spawn');
    const left = [other.pid, path.join(dataDir, 'pg'), 1_700_000_000, 1, '', '127.0.0.1', '', 'ready'].join('\n');
    fs.writeFileSync(path.join(dataDir, 'pg', 'postmaster.pid'), left);
    const server = await start();
    expect(server.pid).not.toBe(other.pid);
    expect(other.exitCode).toBeNull();
    other.kill();
  });

  test('takes another port when its own is taken, and the very one it is told to or none', async () => {
    const first = await start();
    await first.stop();
    const thief = net.createServer().listen(first.port, '127.0.0.1');
    await once(thief, 'listening');
    const refused = start({ port: first.port });
    await expect(refused).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(`${first.port}`),
    });
    const second = await start();
    expect(second.port).not.toBe(first.port);
    thief.close();
  });

  test('a first start that was cut short leaves nothing in the way', async () => {
    fs.mkdirSync(path.join(dataDir, 'pg.new', 'base'), { recursive: true });
    expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a data folder that cannot be used is named, with what to do', () => {
  const refusal = (message: RegExp) => ({ code: 'config_invalid', message: expect.stringMatching(message) });

  test('of another version', async () => {
    fs.mkdirSync(path.join(dataDir, 'pg'), { recursive: true });
    fs.writeFileSync(path.join(dataDir, 'pg', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toMatchObject(refusal(/\/pg was made by PostgreSQL 15.*FLEET_DATA_DIR=/));
  });

  test('that is no database', async () => {
    fs.mkdirSync(path.join(dataDir, 'pg'), { recursive: true });
    fs.writeFileSync(path.join(dataDir, 'pg', 'letter.txt'), 'dear');
    await expect(start()).rejects.toMatchObject(refusal(/\/pg is not a PostgreSQL data folder/));
    expect(fs.existsSync(path.join(dataDir, 'pg', 'letter.txt'))).toBe(true);
  });

  test('that cannot be written', async () => {
    const file = path.join(dataDir, 'file');
    fs.writeFileSync(file, '');
    await expect(start({ dataDir: file })).rejects.toMatchObject(refusal(/file cannot be written \(ENOTDIR\)/));
  });

  test('whose password is another', async () => {
    await (await start()).stop();
    await expect(start({ password: 'other' })).rejects.toMatchObject(refusal(/refuses the password/));
    await (await start()).stop();
  });
});

test('missing library links are made again', async () => {
  await loadPostgresBinaries();
  const copy = path.join(dataDir, 'package');
  fs.mkdirSync(path.join(copy, 'native', 'lib'), { recursive: true });
  fs.writeFileSync(path.join(copy, 'native', 'lib', 'libx.so.1.2'), 'library');
  const links = ['libx.so', 'libx.so.1'].map((name) => ({
    source: 'native/lib/libx.so.1.2',
    target: `native/lib/${name}`,
  }));
  fs.writeFileSync(path.join(copy, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  fs.symlinkSync('gone', path.join(copy, 'native', 'lib', 'libx.so.1'));
  recreateLinks(copy);
  recreateLinks(copy);
  for (const { target } of links) expect(fs.readFileSync(path.join(copy, target), 'utf8')).toBe('library');
});

test('the server is never started as root itself', () => {
  const launcher = chooseLauncher();
  const asRoot = process.getuid?.() === 0 && launcher.prefix.length === 0 && launcher.ids.uid === undefined;
  expect(asRoot).toBe(false);
});
