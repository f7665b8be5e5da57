import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { endServer, findServer } from './postgres-folder.ts';
import { readInstallation } from './installation.ts';
import { identify, signalProcess, waitGone } from './process-identity.ts';
import { identitiesOf, namesOfLiving, readJournal, startStandIns } from './testing/start-stand-ins.ts';
import type { StandInSupervisor, Up } from './testing/start-stand-ins.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'fleet-boot-'));
const template = path.join(folder, 'template');
let dataDir = '';
let started: StandInSupervisor[] = [];
let tests = 0;

/** Everything starts on a data folder that was stopped cleanly once: making a cluster takes longer than all the rest. */
beforeAll(async () => {
  const first = startStandIns({ dataDir: template });
  await first.up;
  first.process.kill('SIGTERM');
  expect(await first.exit, first.output()).toBe(0);
});

beforeEach(() => {
  tests += 1;
  dataDir = path.join(folder, `data-${tests}`);
  started = [];
  copy(template, dataDir);
});

afterEach(async () => {
  for (const one of started) one.process.kill('SIGKILL');
  await Promise.all(started.map(({ exit }) => exit));
  const server = await findServer(dataDir);
  if (server !== null) await endServer(server.process);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With its modes: PostgreSQL refuses a folder that others may read. */
function copy(from: string, to: string): void {
  execFileSync('cp', ['-a', from, to]);
}

function start(options: Omit<Parameters<typeof startStandIns>[0], 'dataDir'> = {}): StandInSupervisor {
  const one = startStandIns({ dataDir, ...options });
  started.push(one);
  return one;
}

async function upOf(one: StandInSupervisor): Promise<Up> {
  const up = await one.up;
  if (up === null) throw new Error(`it did not come up:\n${one.output()}`);
  return up;
}

async function stopped(one: StandInSupervisor): Promise<void> {
  one.process.kill('SIGTERM');
  expect(await one.exit, one.output()).toBe(0);
}

async function query(sql: string): Promise<unknown[]> {
  const { port } = JSON.parse(readFileSync(path.join(dataDir, 'pg.json'), 'utf8')) as { port: number };
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password: readInstallation(dataDir)?.postgresPassword,
    database: 'fleet',
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('SIGTERM stops web, worker, engine and PostgreSQL in this order and leaves nothing behind', async () => {
  const one = start();
  const processes = identitiesOf(await upOf(one));
  expect(Object.keys(processes)).toEqual(['PostgreSQL', 'engine', 'worker', 'web']);
  await stopped(one);
  expect(namesOfLiving(processes)).toEqual([]);
  expect(readJournal(dataDir).slice(-3)).toEqual(['web asked to stop', 'worker asked to stop', 'engine asked to stop']);
  expect(existsSync(path.join(dataDir, 'up.json'))).toBe(false);
  expect(existsSync(path.join(dataDir, 'up.lock'))).toBe(false);
});

test('a second supervisor on the same data folder is refused and names the first', async () => {
  const one = start();
  const up = await upOf(one);
  const two = start();
  expect(await two.exit).toBe(1);
  expect(two.output()).toContain(`already runs on the data folder ${dataDir} as process ${one.process.pid}: ${up.url}`);
  expect(namesOfLiving(identitiesOf(up))).toHaveLength(4);
});

test('of two supervisors started at once, one runs', async () => {
  const both = [start(), start()];
  const ups = await Promise.all(both.map(({ up }) => up));
  expect(ups.filter((up) => up !== null)).toHaveLength(1);
});

test('kill -9 of the supervisor: its children go, PostgreSQL is taken over, nothing is lost', async () => {
  const one = start();
  const { PostgreSQL, ...children } = identitiesOf(await upOf(one));
  await query('create table kept as select 1 as row');
  one.process.kill('SIGKILL');
  await one.exit;
  for (const child of Object.values(children)) expect(await waitGone(child, 60_000)).toBe(true);
  const two = start();
  const again = identitiesOf(await upOf(two));
  expect(again.PostgreSQL).toEqual(PostgreSQL);
  expect(await query('select row from kept')).toEqual([{ row: 1 }]);
  await stopped(two);
  expect(namesOfLiving(again)).toEqual([]);
});

test('kill -9 of everything: the next start recovers what was committed', async () => {
  const one = start();
  const processes = identitiesOf(await upOf(one));
  await query('create table kept as select 1 as row');
  one.process.kill('SIGKILL');
  for (const process of Object.values(processes)) signalProcess(process, 'SIGKILL');
  await one.exit;
  const two = start();
  await upOf(two);
  expect(await query('select row from kept')).toEqual([{ row: 1 }]);
  await stopped(two);
});

test('a child that outlives its killed supervisor is ended by the next start, even if it does not listen', async () => {
  const one = start();
  const { web } = identitiesOf(await upOf(one));
  if (web === undefined) throw new Error('no web');
  signalProcess(web, 'SIGSTOP');
  one.process.kill('SIGKILL');
  await one.exit;
  expect(namesOfLiving({ web })).toEqual(['web']);
  const two = start();
  await upOf(two);
  expect(two.output()).toContain(`ending web (process ${web.pid}), which a killed start left behind`);
  expect(namesOfLiving({ web })).toEqual([]);
  await stopped(two);
});

test('a stale postmaster.pid whose pid now belongs to another process is no obstacle', async () => {
  const bystander = start();
  const lines = [bystander.process.pid, path.join(dataDir, 'pg'), 0, 5432, '', '127.0.0.1', '', 'ready'];
  const other = path.join(folder, `data-stale-${tests}`);
  copy(template, other);
  writeFileSync(path.join(other, 'pg', 'postmaster.pid'), `${lines.join('\n')}\n`);
  await upOf(bystander);
  const one = startStandIns({ dataDir: other });
  started.push(one);
  await upOf(one);
  expect(identify(bystander.process.pid ?? 0)).not.toBeNull();
  await stopped(one);
});

test('a crash during initdb leaves nothing that the next start takes for a database', async () => {
  rmSync(path.join(dataDir, 'pg'), { recursive: true });
  mkdirSync(path.join(dataDir, 'pg.new'));
  copy(path.join(template, 'pg', 'base'), path.join(dataDir, 'pg.new', 'base'));
  const one = start();
  await upOf(one);
  expect(await query('select 1 as row')).toEqual([{ row: 1 }]);
  await stopped(one);
});

test.each(['web', 'worker', 'engine', 'PostgreSQL'])(
  'kill -9 of %s: it is started again, and said so',
  async (name) => {
    const one = start();
    const up = await upOf(one);
    process.kill(up.pids[name] ?? 0, 'SIGKILL');
    await one.says(
      name === 'PostgreSQL' ? /unexpectedly; starting it again/ : new RegExp(`${name} died \\(SIGKILL\\)`),
    );
    await one.says(new RegExp(`${name} runs again`));
    const url = up.urls[name];
    if (url === undefined) expect(await query('select 1 as row')).toEqual([{ row: 1 }]);
    else expect(await (await fetch(url)).text()).toBe(name);
    await stopped(one);
  },
);

test('a child that dies with PostgreSQL is not started again before it is back', async () => {
  const one = start();
  const up = await upOf(one);
  for (const name of ['PostgreSQL', 'engine']) process.kill(up.pids[name] ?? 0, 'SIGKILL');
  await one.says(/engine runs again/);
  expect(one.output().indexOf('PostgreSQL runs again')).toBeGreaterThan(0);
  expect(one.output().indexOf('PostgreSQL runs again')).toBeLessThan(one.output().indexOf('engine runs again'));
  await stopped(one);
});

test('SIGTERM while it starts stops what was started', async () => {
  const one = start({ manners: { web: 'silent' } });
  await one.says(/✓ worker runs/);
  one.process.kill('SIGTERM');
  expect(await one.exit).toBe(1);
  expect(one.output()).toContain('stopped before it was up');
  expect(readJournal(dataDir).slice(-2)).toEqual(['worker asked to stop', 'engine asked to stop']);
  expect(await findServer(dataDir)).toBeNull();
});

test('a child that cannot start fails the start with the end of its log, and nothing keeps running', async () => {
  const one = start({ manners: { worker: 'broken' } });
  expect(await one.exit).toBe(1);
  expect(one.output()).toContain('worker ended before it was ready (exit code 3)');
  expect(one.output()).toContain('the stand-in broke on purpose');
  expect(readJournal(dataDir).at(-1)).toBe('engine asked to stop');
  expect(await findServer(dataDir)).toBeNull();
});

test('a child that does not stop in time is killed, and said so', async () => {
  const one = start({ manners: { web: 'stubborn' } });
  const processes = identitiesOf(await upOf(one));
  await stopped(one);
  expect(one.output()).toContain('web did not stop within 1 s and was killed');
  expect(namesOfLiving(processes)).toEqual([]);
});
