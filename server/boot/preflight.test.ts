import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import type { Env } from '../config/config.ts';
import type { SandboxHealth } from '../domain/ports/sandbox.ts';
import { AppError } from '../domain/errors.ts';
import { preflight } from './preflight.ts';
import type { Machine } from './preflight.ts';
import type { CommandResult } from './run-command.ts';

const versions: Record<string, string> = {
  git: 'git version 2.39.5',
  bwrap: 'bubblewrap 0.8.0',
  rg: 'ripgrep 13.0.0',
  socat: 'socat version 1.7.4.4 on 06 Nov 2022',
  python3: 'Python 3.11.2',
  make: 'GNU Make 4.3',
  'apt-get': 'apt 2.6.1',
};
const done = (stdout = ''): CommandResult => ({ code: 0, missing: false, stdout, stderr: '' });
const absent: CommandResult = { code: null, missing: true, stdout: '', stderr: '' };
const failing = (stderr: string): CommandResult => ({ code: 100, missing: false, stdout: '', stderr });

/** Programs that answer from a table; `apt-get install` may be scripted and makes the missing ones appear. */
function programs(without: string[] = [], installs: CommandResult[] = []) {
  const missing = new Set(without);
  const ran: string[] = [];
  const run: Machine['run'] = async (file, args) => {
    if (args[0]?.startsWith('-')) return missing.has(file) ? absent : done(versions[file]);
    ran.push([file, ...args].join(' '));
    const result = args[0] === 'install' ? (installs.shift() ?? done()) : done();
    if (result.code === 0 && args[0] === 'install') missing.clear();
    return result;
  };
  return { run, ran };
}

const healthy: SandboxHealth = {
  ok: true,
  detail: 'a command ran confined',
  limits: {
    processes: 'cgroup',
    fileBytes: 'rlimit',
    memoryBytes: 'cgroup',
    diskBytes: 'watchdog',
    cpus: 'cgroup',
  },
};

type Given = {
  env?: Env;
  machine?: Partial<Machine>;
  probe?: () => Promise<typeof healthy>;
  openDataFolder?: () => Promise<void>;
};

async function check({ env = {}, machine = {}, probe, openDataFolder }: Given) {
  const lines: string[] = [];
  const outcome = preflight({
    config: loadConfig({ FLEET_DATA_DIR: '/srv/fleet', ...env }),
    machine: {
      platform: 'linux',
      nodeVersion: 'v24.21.0',
      isRoot: false,
      run: programs().run,
      freeBytes: async () => 20 * 1024 ** 3,
      listenError: async () => null,
      databaseVersion: async () => ({ number: 180_004, text: '18.4' }),
      ...machine,
    },
    say: (line) => lines.push(line),
    openDataFolder: openDataFolder ?? (async () => undefined),
    probeSandbox: probe ?? (async () => healthy),
  });
  const error = await outcome.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  return { lines, said: lines.join('\n'), error };
}

const rejecting = (error: unknown) => async () => {
  throw error;
};
const coded = (code: string) => Object.assign(new Error(`driver says ${code}`), { code });

test('a machine that has everything: every check is one line', async () => {
  const { lines, error } = await check({});
  expect(error).toBeNull();
  expect(lines).toEqual([
    '✓ Node 24.21.0',
    '✓ data folder /srv/fleet',
    "✓ 20.0 GB free on the data folder's disk",
    '✓ port 3000 on 127.0.0.1 is free',
    '✓ PostgreSQL: the embedded server',
    '✓ git 2.39.5',
    '✓ bubblewrap 0.8.0',
    '✓ ripgrep 13.0.0',
    '✓ socat 1.7.4.4',
    '✓ python3 3.11.2',
    '✓ make 4.3',
    '✓ sandbox: a command ran confined\n    limits: processes by cgroup, size of a file by rlimit, memory by cgroup, disk by watchdog, processors by cgroup',
  ]);
});

describe('what is wrong is said with what to do about it', () => {
  const url = 'postgresql://fleet:s3cret@db.internal:5433/fleet';
  const database = (error: unknown): Given => ({
    env: { DATABASE_URL: url },
    machine: { databaseVersion: rejecting(error) },
  });
  test.each<[string, Given, string[]]>([
    ['old Node', { machine: { nodeVersion: 'v20.20.2' } }, ['✗ Node 20.20.2', 'npm ci']],
    ['full disk', { machine: { freeBytes: async () => 300 * 1024 ** 2 } }, ['✗ only 0.3 GB free', 'FLEET_DATA_DIR=']],
    [
      'port taken',
      { machine: { listenError: async (_, port) => (port < 3002 ? 'EADDRINUSE' : null) } },
      ['✗ port 3000 on 127.0.0.1 is taken', 'PORT=3002 npm start'],
    ],
    [
      'low port',
      { env: { PORT: '80' }, machine: { listenError: async () => 'EACCES' } },
      ['✗ port 80 may only be used by root', 'PORT=3000'],
    ],
    [
      'foreign address',
      {
        env: { HOST: '10.9.8.7', FLEET_PUBLIC_URL: 'http://fleet.lan:3000' },
        machine: { listenError: async () => 'EADDRNOTAVAIL' },
      },
      ['✗ HOST=10.9.8.7 is not an address of this machine', 'HOST=0.0.0.0', 'FLEET_PUBLIC_URL='],
    ],
    [
      'no server',
      database(coded('ECONNREFUSED')),
      ['✗ DATABASE_URL: nothing answers at db.internal:5433', 'Start PostgreSQL'],
    ],
    [
      'no server on any of its addresses',
      database(new AggregateError([coded('ECONNREFUSED')])),
      ['✗ DATABASE_URL: nothing answers at db.internal:5433'],
    ],
    ['unknown host', database(coded('ENOTFOUND')), ['✗ DATABASE_URL: the host db.internal is not known']],
    [
      'silent host',
      database(new Error('timeout expired')),
      ['✗ DATABASE_URL: db.internal:5433 did not answer within 10'],
    ],
    ['wrong password', database(coded('28P01')), ['✗ DATABASE_URL: the password of user fleet was refused', '%XX']],
    [
      'no database',
      database(coded('3D000')),
      ['✗ DATABASE_URL: there is no database fleet', 'createdb -h db.internal -p 5433 -O fleet fleet'],
    ],
    [
      'anything else',
      database(new Error('s3cret is odd')),
      ['✗ DATABASE_URL: cannot connect to db.internal:5433: … is odd'],
    ],
    [
      'old database',
      { env: { DATABASE_URL: url }, machine: { databaseVersion: async () => ({ number: 170_005, text: '17.5' }) } },
      ['✗ DATABASE_URL: PostgreSQL 17.5 at db.internal:5433 is too old', '17.6 or later'],
    ],
    [
      'a sandbox that is refused',
      { probe: async () => ({ ...healthy, ok: false, detail: 'uid map: Permission denied\nsudo sysctl -w x=1' }) },
      ['✗ sandbox: uid map: Permission denied', '    sudo sysctl -w x=1'],
    ],
    ['a sandbox that breaks', { probe: rejecting(new Error('bwrap crashed')) }, ['✗ sandbox: bwrap crashed']],
  ])('%s', async (_, given, says) => {
    const { said, error } = await check(given);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toContain('✗');
    for (const part of says) expect(said).toContain(part);
    expect(said).not.toContain('s3cret');
  });

  test('everything wrong is said at once', async () => {
    const { lines, error } = await check({
      machine: { nodeVersion: 'v20.0.0', freeBytes: async () => 0, listenError: async () => 'EACCES' },
    });
    expect(lines.filter((line) => line.startsWith('✗'))).toHaveLength(3);
    expect((error as AppError).message).toContain('the 3 lines');
  });

  test('a data folder that cannot be used ends it there', async () => {
    const unusable = new AppError('config_invalid', 'The data folder /srv/fleet cannot be written (EACCES).');
    const { error, said } = await check({ openDataFolder: rejecting(unusable) });
    expect(error).toBe(unusable);
    expect(said).not.toContain('port');
  });

  test('a limit that this machine cannot hold is named, and no reason to stop', async () => {
    const limits = { ...healthy.limits, memoryBytes: null };
    const { error, said } = await check({ probe: async () => ({ ...healthy, limits }) });
    expect(error).toBeNull();
    expect(said).toContain('memory NOT HELD');
  });
});

describe('missing programs', () => {
  test('are installed by root', async () => {
    const { run, ran } = programs(['bwrap', 'rg']);
    const { said, error } = await check({ machine: { run, isRoot: true } });
    expect(error).toBeNull();
    expect(ran).toEqual(['apt-get install -y --no-install-recommends bubblewrap ripgrep']);
    expect(said).toContain('✓ bubblewrap 0.8.0');
  });

  test('a git that lacks what Fleet asks of it is named with a way to a newer one', async () => {
    const { run } = programs([]);
    const old: typeof run = async (command, ...rest) =>
      command === 'git' ? { ...(await run(command, ...rest)), stdout: 'git version 2.34.1' } : run(command, ...rest);
    const { said, error } = await check({ machine: { run: old } });
    expect(error).toBeInstanceOf(AppError);
    expect(said).toContain('✗ git 2.34.1 is too old: 2.39 or later is needed');
    expect(said).toContain('add-apt-repository');
    expect(said).not.toContain('sandbox:');
  });

  test('are installed after the package lists were refreshed, if it takes that', async () => {
    const { run, ran } = programs(['socat'], [failing('E: Unable to locate package socat')]);
    const { error } = await check({ machine: { run, isRoot: true } });
    expect(error).toBeNull();
    expect(ran.map((line) => line.split(' ')[1])).toEqual(['install', 'update', 'install']);
  });

  type Case = { without: string[]; isRoot: boolean; installs?: CommandResult[]; says: string[] };
  const cases: Record<string, Case> = {
    'not root': {
      without: ['rg', 'socat'],
      isRoot: false,
      says: ['sudo apt-get update && sudo apt-get install -y ripgrep socat'],
    },
    'no apt': {
      without: ['rg', 'apt-get'],
      isRoot: true,
      says: ["Install ripgrep with your system's package manager"],
    },
    'apt fails': {
      without: ['rg'],
      isRoot: true,
      installs: [failing('E: no'), failing('E: Unable to fetch some archives')],
      says: ['Unable to fetch some archives', 'sudo apt-get install -y ripgrep'],
    },
  };
  test.each(Object.entries(cases))('%s: the exact line is printed', async (_, { without, isRoot, installs, says }) => {
    const { run } = programs(without, installs);
    const { said, error } = await check({ machine: { run, isRoot } });
    expect(error).toBeInstanceOf(AppError);
    expect(said).toContain('✗ ripgrep is missing');
    for (const part of says) expect(said).toContain(part);
    expect(said).not.toContain('sandbox:');
  });

  test('nothing is installed on a machine that cannot start anyway', async () => {
    const { run, ran } = programs(['rg']);
    await check({ machine: { run, isRoot: true, nodeVersion: 'v20.0.0' } });
    expect(ran).toEqual([]);
  });
});

describe('a system that is not Linux', () => {
  test.each([
    ['win32', /✗ Windows: Fleet runs in its Linux, WSL2[^]*wsl --install/u],
    ['darwin', /✗ macOS: Fleet runs on Linux[^]*podman machine init[^]*Docker/u],
  ])('%s: is told what to use, before any program is looked for', async (platform, says) => {
    const { run, ran } = programs(['bwrap']);
    const { said, error } = await check({ machine: { platform, run }, probe: async () => expect.unreachable() });
    expect(said).toMatch(says);
    expect(said).toContain('npx fleet engine add');
    expect(said).not.toMatch(/bubblewrap|apt-get/u);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(ran).toEqual([]);
  });
});
