import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { localSandbox } from '../../adapters/sandbox/local.ts';
import { sandboxLimits } from '../../domain/checks/limits.ts';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { toolNames, type ToolName } from '../../domain/roles/role-body.ts';
import { JobBoard } from '../job-board.ts';
import { acceptingDesk, memoryBlobs, noBrowser, noServers, noWeb } from '../testing/harness.ts';
import { bindTools } from './toolbox.ts';
import { removeLivedIn } from '../../testing/remove-lived-in.ts';

const files: Record<string, string | Uint8Array> = {
  'src/users.js': 'export const users = [];\nconst secretWord = "plain";\n',
  'src/[id]/page.js': 'const here = 1;\n',
  'src/it\'s "odd" $name.js': 'const odd = 1;\n',
  '.env': 'PASSWORD=hunter2\n',
  'config/secrets/db.yml': 'password: hunter2\n',
  '.github/workflows/test.yml': 'on: push\n',
  '.gitignore': 'ignored/\n',
  'ignored/x.js': 'const users = 1;\n',
  'bin.dat': Uint8Array.of(0, 1, 2, 255),
};

let root: string;
let tree: string;
let sandbox: Sandbox;
let jobs: JobBoard;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fleet-tools-'));
  tree = join(root, 'tree');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
  const port = localSandbox({ dataDir: join(root, 'data') });
  sandbox = await port.open({ id: 'tools-test', tree, writable: true, limits: sandboxLimits });
  jobs = new JobBoard({ sandbox, clock: systemClock, before: 0 });
});
afterAll(async () => {
  await sandbox.dispose();
  await removeLivedIn(root);
});

async function call(tool: ToolName, input: unknown, signal = new AbortController().signal) {
  const blobs = memoryBlobs();
  const prepared = bindTools({
    sandbox,
    jobs,
    browser: noBrowser,
    web: noWeb,
    servers: noServers,
    blobs,
    desk: acceptingDesk(),
    names: toolNames,
  }).prepare(tool, input);
  if ('problem' in prepared) throw new Error(prepared.problem);
  return { ...(await prepared.run({ callId: 'c1', signal, outputs: [] })), blobs };
}

describe('in a real sandbox', () => {
  it('files are created with their folders, changed and listed', async () => {
    expect((await call('create', { path: 'src/deep/er/a.js', content: 'one\ntwo\n' })).outcome).toBe('ok');
    expect((await call('create', { path: 'src/deep/er/a.js', content: '' })).text).toMatch(/exists already/);
    await call('replace', { path: 'src/deep/er/a.js', old_text: 'two', new_text: '2 "\'$`' });
    await call('insert', { path: '/work/src/deep/er/a.js', after_line: 2, text: 'three' });
    expect(await readFile(join(tree, 'src/deep/er/a.js'), 'utf8')).toBe('one\n2 "\'$`\nthree\n');
    expect((await call('view', { path: 'src/deep' })).text).toMatch(/^src\/deep holds 1 entries:\ner/);
    expect((await call('view', { path: '.' })).text).toContain('.github');
    expect((await call('view', { path: 'bin.dat' })).text).toMatch(/binary file of 4 bytes/);
    expect((await call('view', { path: 'src/user.js' })).text).toMatch(/The folder src holds: .*users\.js/);
  });

  it.each([
    [{ pattern: 'users' }, /^src\/users\.js:1:export const users/],
    [{ pattern: 'const (here|odd)', path: 'src/[id]' }, /^src\/\[id\]\/page\.js:1:const here = 1;$/],
    [{ pattern: 'odd', path: 'src/it\'s "odd" $name.js' }, /:1:const odd/],
    [{ pattern: 'on: push', glob: '**/*.yml' }, /^\.github\/workflows\/test\.yml:1:on: push$/],
    [{ pattern: 'hunter2' }, /^Nothing matches\.$/],
    [{ pattern: 'hunter2', glob: '**/.env' }, /^Nothing matches\.$/],
    [{ pattern: 'no such words; $(touch pwned)' }, /^Nothing matches\.$/],
  ])('search %j', async (input, expected) => {
    const { outcome, text } = await call('search', input);
    expect(text).toMatch(expected);
    expect(text).not.toContain('ignored/');
    expect(outcome).toBe('ok');
  });

  it.each([
    [{ glob: '*.yml' }, '.github/workflows/test.yml'],
    [{ glob: 'src/**/*.js' }, 'src/[id]/page.js\nsrc/deep/er/a.js\nsrc/it\'s "odd" $name.js\nsrc/users.js'],
    [{ glob: '*.js', path: 'src/[id]' }, 'src/[id]/page.js'],
    [{ glob: '.env' }, 'Nothing matches.'],
    [{ glob: '**/secrets/**' }, 'Nothing matches.'],
    [{ glob: '$(touch pwned)' }, 'Nothing matches.'],
  ])('find %j', async (input, expected) => {
    expect(await call('find', input)).toMatchObject({ outcome: 'ok', text: expected });
  });

  it('a broken glob is explained', async () => {
    const broken = { outcome: 'error', text: expect.stringMatching(/The search failed: .*unclosed/) };
    expect(await call('find', { glob: 'a[' })).toMatchObject(broken);
  });

  it('a broken pattern is explained', async () => {
    expect(await call('search', { pattern: 'a(b' })).toMatchObject({
      outcome: 'error',
      text: expect.stringMatching(/unclosed/),
    });
  });

  it('a hundred megabytes of output stay small, and their ends are seen', async () => {
    const command = 'echo start; head -c 100000000 /dev/zero | tr "\\0" x; echo; echo end';
    const { text, droppedBytes, blobId, blobs, exitCode } = await call('shell', { command });
    expect(exitCode).toBe(0);
    expect(text).toMatch(/^\[exit code 0 after [\d.]+ s\]\nstart\nx/);
    expect(text).toMatch(/x\nend\n\[The whole of it is kept: read_output/);
    expect(Buffer.byteLength(text)).toBeLessThan(25 * 1024);
    expect(droppedBytes).toBeGreaterThan(90_000_000);
    expect(blobs.kept.get(blobId!)!.length).toBeGreaterThan(4_000_000);
  });

  it('megabytes of binary output are cut before they are decoded', async () => {
    const command = 'echo start; head -c 3000000 /dev/urandom; echo; echo end';
    const { text, droppedBytes, blobId, blobs } = await call('shell', { command });
    expect(text).toMatch(/\nstart\n[^]*bytes of the output are not shown here[^]*\nend\n\[The whole of it is kept/);
    expect(Buffer.byteLength(text)).toBeLessThan(25 * 1024);
    expect(droppedBytes).toBe(0);
    expect(blobs.kept.get(blobId!)!.length).toBe(3_000_011);
  });

  it('NUL and invalid UTF-8 are shown, not lost', async () => {
    const { text } = await call('shell', { command: "printf 'a\\0b\\xff\\xc3\\xa9'; cat bin.dat" });
    expect(text).toContain('a\\x00b\\xffé\\x00\\x01\\x02\\xff');
  });

  it('a server runs in the background, answers commands, is read later and stopped', async () => {
    const page = "require('node:http').createServer((q, a) => { console.log('asked ' + q.url); a.end('hello'); })";
    const command = `node -e "${page}.listen(8123, '127.0.0.1', () => console.log('listening'))"`;
    const started = await call('job_start', { command, wait_for: 'listening' });
    expect(started.text).toMatch(/^\[job-1 runs since \d+ s\]\nlistening/);
    expect(started.events).toEqual([{ kind: 'job.started', payload: { callId: 'c1', jobId: 'job-1', command } }]);
    const get = 'node -e "fetch(\'http://127.0.0.1:8123/x\').then((r) => r.text()).then(console.log)"';
    expect((await call('shell', { command: get })).text).toMatch(/hello/);
    expect((await call('job_read', { id: 'job-1', wait_for: 'asked /x' })).text).toMatch(/listening\nasked \/x/);
    expect((await call('job_read', {})).text).toMatch(/^job-1 runs since/);
    const stopped = await call('job_stop', { id: 'job-1' });
    expect(stopped.text).toMatch(/^\[job-1 was stopped\]/);
    expect(stopped.events).toMatchObject([
      { kind: 'job.ended', payload: { jobId: 'job-1', by: 'agent', exitCode: null } },
    ]);
    expect(jobs.news()).toEqual([]);
    expect((await call('shell', { command: `${get} || echo gone` })).text).toMatch(/gone/);
  });

  it('a job that ends by itself is news once', async () => {
    const { text } = await call('job_start', { command: 'echo no such port; exit 3', wait_seconds: 60 });
    expect(text).toMatch(/^\[job-2 has ended with exit code 3\]\nno such port/);
    const payload = { jobId: 'job-2', by: 'itself', exitCode: 3, said: 'no such port\n' };
    expect(jobs.news()).toMatchObject([{ kind: 'job.ended', payload }]);
    expect(jobs.news()).toEqual([]);
  });

  it('a command that takes too long is stopped', async () => {
    const { outcome, text } = await call('shell', { command: 'echo begun; sleep 60', timeout_seconds: 1 });
    expect(outcome).toBe('timed_out');
    expect(text).toMatch(/stopped after 1 s[^]*begun/);
  });

  it('a command is stopped when the run is, with all that it started', async () => {
    const stop = new AbortController();
    // Longer than the test may take: only the abort ends it.
    const running = call('shell', { command: 'sleep 600 & sleep 600' }, stop.signal);
    setTimeout(() => stop.abort({ kind: 'draining' }), 100);
    await expect(running).rejects.toEqual({ kind: 'draining' });
    expect((await call('shell', { command: 'pgrep -c sleep || true' })).text).toMatch(/\n0\n$/);
  });
});
