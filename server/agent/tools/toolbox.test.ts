import { describe, expect, it } from 'vitest';
import { toolNames } from '../../domain/roles/role-body.ts';
import { toolClasses } from '../../domain/tools/tool-classes.ts';
import type { Desk } from '../ports.ts';
import { boardOf, callTool as call } from '../testing/call-tool.ts';
import { acceptingDesk, memoryBlobs, noBrowser, noServers, noWeb } from '../testing/harness.ts';
import { memorySandbox, output } from '../testing/memory-sandbox.ts';
import { bindTools, toolDefinitions } from './toolbox.ts';

describe('definitions', () => {
  it('are JSON schemas of objects, each with a description, alike in every process', () => {
    for (const { name, description, input_schema: schema } of toolDefinitions(toolNames)) {
      expect(description.length, name).toBeGreaterThan(20);
      expect(schema, name).toMatchObject({ type: 'object', properties: expect.any(Object) });
      expect(schema).not.toHaveProperty('$schema');
    }
    expect(JSON.stringify(toolDefinitions(toolNames))).toBe(JSON.stringify(toolDefinitions(toolNames)));
  });

  it('hold what the contract of each tool names', () => {
    const schema = toolDefinitions(['shell'])[0]!.input_schema;
    expect(schema).toMatchObject({
      properties: { timeout_seconds: { type: 'integer', maximum: 600 } },
      required: ['command'],
    });
  });

  it('a tool outside the role does not exist', () => {
    const sandbox = memorySandbox();
    const held = {
      browser: noBrowser,
      noServers,
      web: noWeb,
      servers: noServers,
      blobs: memoryBlobs(),
      desk: acceptingDesk(),
    };
    const kit = { sandbox, jobs: boardOf(sandbox), ...held };
    const prepared = bindTools({ ...kit, names: ['view', 'decide'] }).prepare('shell', { command: 'ls' });
    expect('problem' in prepared && prepared.problem).toBe(
      'There is no tool shell. The tools of this run: view, decide.',
    );
  });

  it('every tool says what it can do and what confines it', () => {
    expect(Object.keys(toolClasses).toSorted()).toEqual(toolNames.toSorted());
    const confined = Object.values(toolClasses).filter(({ risk }) => risk === 'writes_files');
    for (const { scope } of confined) expect(scope).toBe('paths');
  });

  it('what writes or runs is never repeated after a crash', () => {
    for (const { effect, idempotent } of Object.values(toolClasses)) expect(idempotent).toBe(effect !== 'write');
  });
});

describe('view', () => {
  const sandbox = memorySandbox({
    files: {
      'src/a.js': 'one\ntwo\nthree\n',
      'src/deep/b.js': '',
      'big.txt': 'line of text\n'.repeat(10_000),
      'huge.txt': 'x'.repeat(3 * 1024 * 1024),
      'logo.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1, 2),
      'latin1.txt': Uint8Array.of(0x63, 0x61, 0x66, 0xe9),
    },
  });

  it.each([
    [{ path: 'src/a.js' }, /^ {5}1\tone\n {5}2\ttwo\n {5}3\tthree$/],
    [{ path: '/work/src/a.js', start_line: 2, end_line: 2 }, /^ {5}2\ttwo$/],
    [{ path: 'src' }, /^src holds 2 entries:\na\.js\ndeep\/$/],
    [{ path: 'src/deep/b.js' }, /is empty/],
    [{ path: 'big.txt' }, /\[shown to line \d+ of 10000; view again with start_line \d+\]$/],
    [{ path: 'huge.txt' }, /only the first 2097152 of 3145728 bytes can be viewed/],
    [{ path: 'logo.png' }, /binary file of 7 bytes\. It begins with:\n89 50 4e 47 00 01 02/],
    [{ path: 'latin1.txt' }, /caf\\xe9/],
  ])('%j', async (input, expected) => {
    const { outcome, text } = await call('view', input, { sandbox });
    expect(outcome).toBe('ok');
    expect(text).toMatch(expected);
    expect(Buffer.byteLength(text)).toBeLessThan(26 * 1024);
  });

  it.each([
    [{ path: 'src/c.js' }, /There is no file src\/c\.js\. The folder src holds: a\.js, deep\/\./],
    [{ path: 'nowhere/c.js' }, /no folder nowhere either/],
    [{ path: 'src/a.js', start_line: 9 }, /has 3 lines; start_line 9/],
    [{ path: 'src/a.js', start_line: 3, end_line: 2 }, /lies before start_line/],
  ])('%j is an error that helps', async (input, expected) => {
    const { outcome, text } = await call('view', input, { sandbox });
    expect(outcome).toBe('error');
    expect(text).toMatch(expected);
  });
});

describe('create, replace, insert', () => {
  it('create and change a file, and show the place', async () => {
    const sandbox = memorySandbox();
    expect((await call('create', { path: 'a.js', content: 'one\ntwo\n' }, { sandbox })).text).toBe(
      'Created a.js with 2 lines.',
    );
    const replaced = await call('replace', { path: 'a.js', old_text: 'two', new_text: '2\nII' }, { sandbox });
    expect(replaced.text).toBe('Changed a.js from line 2. It now reads:\n     1\tone\n     2\t2\n     3\tII');
    await call('insert', { path: './a.js', after_line: 0, text: 'zero' }, { sandbox });
    expect(new TextDecoder().decode(sandbox.files.get('a.js'))).toBe('zero\none\n2\nII\n');
  });

  it.each([
    ['create', { path: 'a.js', content: '' }, /exists already\. View it, then use replace/],
    [
      'replace',
      { path: 'b.js', old_text: 'x', new_text: '' },
      /There is no file b\.js\. The root of the repository holds/,
    ],
    ['replace', { path: 'bin', old_text: 'x', new_text: '' }, /is not UTF-8 text; change it with shell/],
    ['replace', { path: 'a.js', old_text: 'q', new_text: '' }, /a\.js is unchanged: old_text does not occur/],
    ['insert', { path: 'a.js', after_line: 7, text: 'x' }, /a\.js is unchanged: The file has 1 lines/],
  ] as const)('%s %j is refused with a way on', async (tool, input, expected) => {
    const sandbox = memorySandbox({ files: { 'a.js': 'x\n', bin: Uint8Array.of(0, 1) } });
    const { outcome, text } = await call(tool, input, { sandbox });
    expect(outcome).toBe('error');
    expect(text).toMatch(expected);
    expect(sandbox.started).toEqual([]);
  });
});

describe('shell', () => {
  const shell = (result: ReturnType<typeof output>) =>
    call('shell', { command: 'x' }, { sandbox: memorySandbox({ commands: { x: () => result } }) });

  it.each([
    ['a success', output('hello\n'), 'ok', '[exit code 0 after 0.0 s]\nhello\n'],
    ['a failure', output('bad\n', 3), 'error', '[exit code 3 after 0.0 s]\nbad\n'],
    ['silence', output(''), 'ok', '[exit code 0 after 0.0 s]\n(no output)'],
  ])('%s', async (_, result, outcome, text) => {
    expect(await shell(result)).toMatchObject({ outcome, text, exitCode: result.exitCode, blobId: null });
  });

  it('says how it was stopped', async () => {
    expect(await shell({ ended: 'timed_out', exitCode: null })).toMatchObject({ outcome: 'timed_out', exitCode: null });
    expect((await shell({ ended: 'killed', exitCode: null })).text).toMatch(/went over a limit of the sandbox/);
  });

  it('shows both ends of a hundred megabytes and keeps what the sandbox kept', async () => {
    const head = Buffer.concat([Buffer.from('start\n'), Buffer.alloc(2_000_000, 'a'), Buffer.of(0xe2, 0x9c)]);
    const tail = Buffer.concat([Buffer.of(0x93), Buffer.alloc(2_000_000, 'z'), Buffer.from('\nend')]);
    const { text, blobId, droppedBytes, blobs } = await shell({ head, tail, droppedBytes: 100_000_000, exitCode: 0 });
    expect(Buffer.byteLength(text)).toBeLessThan(25 * 1024);
    expect(text).toMatch(/^\[exit code 0 after 0\.0 s\]\nstart\na/);
    expect(text).toMatch(/z\nend\n\[The whole of it is kept: read_output with the id \w+ shows any part\.\]$/);
    expect(text).not.toContain('\\x');
    expect(droppedBytes).toBe(100_000_000);
    const kept = Buffer.from(blobs.kept.get(blobId!)!);
    expect(kept.length).toBeGreaterThan(4_000_000);
    expect(kept.includes('[100000000 bytes were not kept]')).toBe(true);
  });
});

describe('search', () => {
  it('quotes what the model wrote and leaves secrets out whatever it asks for', async () => {
    const sandbox = memorySandbox();
    let ran = '';
    sandbox.exec = async ({ command }) => {
      ran = command;
      return {
        exitCode: 0,
        ended: 'exited',
        head: Buffer.from('./src/a.js:1:x\n'),
        tail: new Uint8Array(),
        droppedBytes: 0,
        durationMs: 1,
      };
    };
    const input = { pattern: "it's $(rm -rf /)", path: '-rf', glob: '**/.env' };
    const { text, action } = await call('search', input, { sandbox });
    expect(ran).toContain(`--regexp 'it'\\''s $(rm -rf /)' -- '-rf'`);
    expect(ran.indexOf(`--glob '**/.env'`)).toBeLessThan(ran.indexOf(`--glob '!**/.env'`));
    expect(text).toBe('src/a.js:1:x');
    expect(action).toEqual({ kind: 'file_read', path: '-rf' });
  });

  it.each([
    [output('', 1), 'ok', /Nothing matches/],
    [output('regex parse error: unclosed group', 2), 'error', /The search failed: regex parse error/],
    [output('a:1:x\n'.repeat(10_000)), 'ok', /\[cut after \d+ lines; narrow/],
    [{ ended: 'timed_out', exitCode: null } as const, 'error', /did not finish/],
  ])('%#', async (result, outcome, text) => {
    const sandbox = memorySandbox();
    sandbox.exec = async () => ({
      exitCode: 0,
      ended: 'exited',
      head: new Uint8Array(),
      tail: new Uint8Array(),
      droppedBytes: 0,
      durationMs: 1,
      ...result,
    });
    const found = await call('search', { pattern: 'x' }, { sandbox });
    expect(found.outcome).toBe(outcome);
    expect(found.text).toMatch(text);
  });
});

describe('desk', () => {
  it('hands words over that a row can hold', async () => {
    let body: unknown;
    const desk: Desk = {
      ...acceptingDesk(),
      handoff: async (given) => {
        body = given.body;
        return { kind: 'accepted', events: [] };
      },
    };
    const result = await call(
      'handoff',
      { summary: 'a\0b\ud800', claims: [{ statement: '\0', evidence: 'x' }] },
      { desk },
    );
    expect(result.ends).toEqual({ kind: 'concluded', events: [] });
    expect(body).toMatchObject({ summary: 'a␀b\ufffd', claims: [{ statement: '␀', evidence: 'x' }], notDone: [] });
  });

  it('a decision goes the same way', async () => {
    const input = { decision: 'approve', summary: 'Fine.' };
    expect(await call('decide', input)).toMatchObject({
      outcome: 'ok',
      ends: { kind: 'concluded' },
      action: { kind: 'decide' },
    });
  });
});
