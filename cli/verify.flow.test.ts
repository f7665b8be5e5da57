import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { madeLog, makeKey } from '../server/domain/audit/testing/made-log.ts';
import type { ExportedLine } from '../server/domain/audit/exported-log.ts';
import { scratchFolder } from '../server/testing/scratch-folder.ts';

const root = scratchFolder();
const repo = path.join(root, 'shop');
const key = makeKey();

async function git(args: string[], date = '2026-11-01T00:00:00Z'): Promise<string> {
  const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  return (await execa('git', ['-C', repo, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { env }))
    .stdout;
}

/** A branch with one commit that is merged with what the merge says; head and merge. */
async function merge(name: string, { date, message = '' }: { date: string; message?: string }) {
  await git(['checkout', '-q', '-b', name]);
  await git(['commit', '-q', '--allow-empty', '-m', `work on ${name}`], date);
  const head = await git(['rev-parse', 'HEAD']);
  await git(['checkout', '-q', 'main']);
  await git(['merge', '-q', '--no-ff', '-m', `Merge ${name}\n\n${message}`, name], date);
  return { head, merged: await git(['rev-parse', 'HEAD']) };
}
type Merge = Awaited<ReturnType<typeof merge>>;

const event = (kind: string, payload: object) => ({ stream: 'str_org', kind, payloads: [payload] });

/** What Fleet writes of a change up to its merge, a person's approval included or not. */
function changeEvents(name: string, { head, merged }: Merge, isApproved: boolean) {
  const [changeId, pipelineRunId, approvalId] = [`chg_${name}`, `plr_${name}`, `apr_${name}`];
  const said = { digest: 'd', reason: '', via: 'web', selfApproved: false };
  return [
    event('change.opened', { changeId, pipelineRunId, branch: name, base: 'b' }),
    event('check.finished', { checkResultId: 'c', changeId, commit: head, verdict: 'passed', evidenceSha256: 'd' }),
    event('approval.requested', { approvalId, approvalKind: 'merge', digest: 'd', pipelineRunId }),
    ...(isApproved ? [event('approval.decided', { approvalId, verdict: 'approved', ...said })] : []),
    event('change.merged', { changeId, head, target: 'main', previous: 'p', merged }),
  ];
}

function write(name: string, lines: Iterable<ExportedLine>): string {
  const file = path.join(root, name);
  writeFileSync(file, [...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

/** The command as it is typed, in another process. */
async function verify(args: string[]) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [path.resolve('cli/fleet.mjs'), 'verify', ...args],
    {
      reject: false,
      env: { NO_COLOR: '1' },
    },
  );
  return { exitCode, text: `${stdout}\n${stderr}` };
}

let log = '';
let first: Merge;
beforeAll(async () => {
  mkdirSync(repo);
  await git(['init', '-q', '-b', 'main']);
  await git(['commit', '-q', '--allow-empty', '-m', 'before Fleet'], '2026-10-01T00:00:00Z');
  first = await merge('complete', { date: '2026-11-02T00:00:00Z' });
  const second = await merge('partial', { date: '2026-11-03T00:00:00Z' });
  await git(['commit', '-q', '--allow-empty', '-m', 'by hand'], '2026-11-04T00:00:00Z');
  const seals = [changeEvents('complete', first, true), changeEvents('partial', second, false)];
  log = write('log.jsonl', madeLog({ key, seals }));
});

describe('fleet verify with an address', () => {
  it('reads a log from there, and the keys, which alone are not believed over a line that anybody can write on', async () => {
    const keys = JSON.stringify({ keys: [{ verifierKey: key.line }] });
    const server = createServer((request, response) => {
      if (request.url === '/log.jsonl') createReadStream(log).pipe(response);
      else response.writeHead(request.url === '/keys.json' ? 200 : 404).end(keys);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const at = (host: string, name: string) => `http://${host}:${port}/${name}`;
    const good = await verify([at('127.0.0.1', 'log.jsonl'), '--key', at('127.0.0.1', 'keys.json')]);
    expect(good).toMatchObject({ exitCode: 0, text: expect.stringContaining('the key you gave') });
    const gone = await verify([at('127.0.0.1', 'none')]);
    expect(gone.text).toContain('answered 404');
    expect(gone.exitCode).toBeGreaterThan(0);
    const open = await verify([log, '--key', at('keys.example.com', 'keys.json')]);
    expect(open.text).toContain('with https');
    expect(open.exitCode).toBeGreaterThan(0);
    server.closeAllConnections();
    server.close();
  });
});

describe('fleet verify --coverage', () => {
  it('lists every commit of the branch since then with complete, partial or no evidence, and fails', async () => {
    const { exitCode, text } = await verify([log, '--coverage', repo, '--since', '2026-11-01']);
    const rows = text.split('\n').filter((line) => /^(complete|partial|none) /.test(line));
    expect(rows.map((line) => line.replace(/ +[0-9a-f]{12} +\S+ +/, ' '))).toEqual([
      'none by hand',
      'partial Merge partial',
      'complete Merge complete',
    ]);
    expect(text).toContain("the log lacks a person's approval of the merge");
    expect(text).toContain('Commits of main: 3; evidence complete: 1, partial: 1, none: 1');
    expect(text).not.toContain('before Fleet');
    expect(exitCode).toBe(1);
  });

  it('is fine where all of the branch is complete', async () => {
    await git(['branch', '-f', 'good', first.merged]);
    const good = await verify([log, '--coverage', repo, '--since', '2026-11-01', '--branch', 'good']);
    expect(good.text).toContain('evidence complete: 1, partial: 0, none: 0');
    expect(good.exitCode).toBe(0);
  });

  it('holds the log to the heads in the branch: one of another history is found, whatever the coverage', async () => {
    const root64 = Buffer.alloc(32, 9).toString('hex');
    await git(['checkout', '-q', '-b', 'forked', first.merged]);
    const message = `Merge\n\nFleet-Audit-Tree: 5:${root64} c2ln`;
    await git(['commit', '-q', '--allow-empty', '-m', message], '2026-11-05T00:00:00Z');
    const { exitCode, text } = await verify([log, '--coverage', repo, '--since', '2026-11-01', '--branch', 'forked']);
    expect(text).toContain('[kept-head-differs]');
    expect(exitCode).toBe(1);
  });
});
