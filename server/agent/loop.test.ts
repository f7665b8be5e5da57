import { describe, expect, it } from 'vitest';
import type { RunEvent, RunEventKind } from '../domain/events/run-events.ts';
import { foldTranscript, nextMessages } from '../domain/transcript/fold.ts';
import { harness, runStarted, type Setup } from './testing/harness.ts';
import { kinds, payloads } from './testing/log.ts';
import { memorySandbox, output } from './testing/memory-sandbox.ts';
import { checkMessages } from './testing/messages.ts';
import { reply } from './testing/scripted-model.ts';

const files = { 'src/a.js': 'one\ntwo\nthree\n', 'src/b.js': 'b\n', 'test/a.test.js': 't\n' };
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);

const run = (setup: Setup) => harness({ sandbox: memorySandbox({ files }), ...setup });

describe('a turn', () => {
  it('takes two commits: results with the next reservation, then the reply with its intents', async () => {
    const commits: RunEventKind[][] = [];
    const view = reply('t1', [
      ['view', { path: 'src/a.js' }],
      ['view', { path: 'src/b.js' }],
      ['search', { pattern: 'one' }],
    ]);
    const sandbox = memorySandbox({ files });
    sandbox.exec = async (request) => {
      sandbox.started.push(request.command);
      return {
        exitCode: 0,
        ended: 'exited',
        head: new TextEncoder().encode('src/a.js:1:one\n'),
        tail: new Uint8Array(),
        droppedBytes: 0,
        durationMs: 1,
      };
    };
    const { slice, log } = run({
      sandbox,
      turns: [view, handoff],
      beforeWrite: (_, events) => commits.push(kinds(events)),
    });
    const end = await slice();
    expect(commits).toEqual([
      ['slice.started'],
      ['model.called'],
      ['model.replied', 'tool.intended', 'tool.intended', 'tool.intended'],
      ['tool.finished', 'tool.finished', 'tool.finished', 'model.called'],
      ['model.replied', 'tool.intended'],
    ]);
    expect(end).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' }, totals: { turns: 2, toolCalls: 4 } });
    expect(end.kind === 'ended' && kinds(end.unrecorded)).toEqual(['tool.finished']);
    const results = payloads(log, 'tool.finished');
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(results.find(({ callId }) => callId === 't1-1')?.text).toBe('     1\tone\n     2\ttwo\n     3\tthree');
  });

  it('runs reads side by side', async () => {
    const sandbox = memorySandbox({ files });
    const { read } = sandbox;
    let reading = 0;
    let most = 0;
    sandbox.read = async (...call) => {
      most = Math.max(most, (reading += 1));
      await new Promise((resolve) => setImmediate(resolve));
      reading -= 1;
      return read(...call);
    };
    const paths = ['src/a.js', 'src/b.js', 'test/a.test.js'];
    await run({
      sandbox,
      turns: [
        reply(
          't1',
          paths.map((path) => ['view', { path }]),
        ),
        handoff,
      ],
    }).slice();
    expect(most).toBe(3);
  });

  it('runs writes in order and records a finished one while the next runs', async () => {
    const order: string[] = [];
    let recordedBySecond: RunEventKind[] = [];
    const { slice, log } = run({
      turns: [
        reply('t1', [
          ['create', { path: 'src/new.js', content: 'x\n' }],
          ['shell', { command: 'cat src/new.js' }],
          ['replace', { path: 'src/new.js', old_text: 'x', new_text: 'y' }],
        ]),
        handoff,
      ],
      sandbox: memorySandbox({
        files,
        commands: {
          'cat src/new.js': async (_, disk) => {
            order.push(new TextDecoder().decode(disk.get('src/new.js')));
            await new Promise((resolve) => setImmediate(resolve));
            recordedBySecond = kinds(log).slice(-1);
            return output('x');
          },
        },
      }),
    });
    await slice();
    expect(order).toEqual(['x\n']);
    expect(recordedBySecond).toEqual(['tool.finished']);
  });

  it('prices each reply and never reserves more than is left', async () => {
    const { slice, log } = run({ turns: [reply('t1', [['view', { path: 'src/a.js' }]]), handoff] });
    await slice();
    const costs = payloads(log, 'model.replied').map(({ costMicros }) => costMicros);
    expect(costs).toEqual([400 + 500 + 100 + 250, 400 + 500 + 100 + 250]);
    for (const { reservedMicros } of payloads(log, 'model.called')) expect(reservedMicros).toBeLessThan(5_000_000);
  });
});

describe('what comes back to the model', () => {
  it('teaches it after malformed arguments, unknown tools and broken JSON', async () => {
    const { slice, log, sandbox } = run({
      turns: [
        reply('t1', [
          ['create', { path: 'src/x.js', file_text: 'x' }],
          ['bash', { command: 'ls' }],
          ['shell', '{"command": "ls'],
        ]),
        handoff,
      ],
    });
    await slice();
    const [create, bash, shell] = payloads(log, 'tool.finished');
    expect(create).toMatchObject({ outcome: 'error' });
    expect(create!.text).toContain('content: Invalid input');
    expect(create!.text).toContain('"required":["path","content"]');
    expect(bash!.text).toContain('There is no tool bash. The tools of this run: shell, job_start');
    expect(shell!.text).toContain('not valid JSON');
    expect(sandbox.started).toEqual([]);
    expect(payloads(log, 'tool.intended').map(({ verdict }) => verdict.rule)).toEqual(
      Array(3).fill('unreadable-call').concat('default'),
    );
  });

  it('refuses with the rule and the way that is open', async () => {
    const { slice, log, sandbox } = run({
      turns: [
        reply('t1', [
          ['create', { path: '.github/workflows/x.yml', content: 'x' }],
          ['create', { path: 'docs/x.md', content: 'x' }],
          ['view', { path: '.env' }],
        ]),
        handoff,
      ],
    });
    await slice();
    const texts = payloads(log, 'tool.finished').map(({ outcome, text }) => `${outcome}: ${text}`);
    expect(texts[0]).toMatch(
      /^denied: Refused by rule role-write-scope: .* Nothing was done\. Do not pursue it another way/,
    );
    expect(texts[1]).toMatch(
      /^denied: Refused by rule w1-outside-task-scope: .*ask for it with request_scope and say why/,
    );
    expect(texts[2]).toMatch(/^denied: Refused by rule r1-secrets-read/);
    expect(sandbox.started).toEqual([]);
  });

  it('shows NUL and invalid UTF-8 of an output', async () => {
    const odd = { head: Uint8Array.of(0x61, 0, 0x62, 0xff, 0xc3, 0x28, 0x0a), exitCode: 0 };
    const { slice, log } = run({
      turns: [reply('t1', [['shell', { command: 'odd' }]]), handoff],
      sandbox: memorySandbox({ commands: { odd: () => odd } }),
    });
    await slice();
    expect(payloads(log, 'tool.finished')[0]!.text).toContain('a\\x00b\\xff\\xc3(\n');
  });

  it('tells a run that forgets its tools to act, twice, then ends it', async () => {
    const talk = (id: string) => reply(id, []);
    const { slice, model } = run({ turns: [talk('a'), talk('b'), talk('c')] });
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'no_handoff' } });
    const last = model.requests.at(-1)!.messages;
    expect(JSON.stringify(last[2])).toContain('called no tool');
    expect(JSON.stringify(last[4])).toContain('After one more reply');
    checkMessages(last);
  });

  it('does not send an empty reply back, and asks again', async () => {
    const { slice, model } = run({ turns: [[{ ...reply('a', []), content: [] }, handoff]] });
    expect(await slice()).toMatchObject({ outcome: { reason: 'handed_off' }, totals: { turns: 2 } });
    const [first] = model.requests[1]!.messages;
    expect(model.requests[1]!.messages).toHaveLength(1);
    expect(first!.content).toHaveLength(2);
    expect(JSON.stringify(first)).toContain('called no tool');
  });

  it('lets a reply that was cut off go on', async () => {
    const cut = reply('a', [], { stopReason: 'max_tokens' });
    const { slice, model } = run({ turns: [cut, handoff] });
    expect(await slice()).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(JSON.stringify(model.requests[1]!.messages[2])).toContain('cut off at the output limit');
  });

  it('hears people before the next call', async () => {
    const { slice, model, log } = run({
      turns: [reply('t1', [['view', { path: 'src/a.js' }]]), handoff],
      inbox: [{ source: 'person', text: 'Mind the tests.' }],
    });
    await slice();
    expect(model.requests[0]!.messages[0]!.content).toHaveLength(2);
    expect(payloads(log, 'message.added')).toEqual([{ source: 'person', text: 'Mind the tests.' }]);
  });
});

it('lets a failure of the sandbox through, as a failure of the worker', async () => {
  const sandbox = memorySandbox({ files });
  sandbox.read = () => Promise.reject(new Error('the sandbox is gone'));
  const made = run({ sandbox, turns: [reply('t1', [['view', { path: 'src/a.js' }]])] });
  await expect(made.slice()).rejects.toThrow('the sandbox is gone');
});

it('resumes only what runStarted began: an ended run stays ended', async () => {
  const outcome = { reason: 'stopped_by_person', detail: 'x' } as const;
  const ended: RunEvent = {
    kind: 'run.ended',
    payload: { outcome, millisUsed: 0, costMicros: 0, turns: 0, toolCalls: 0 },
  };
  const made = run({ log: [runStarted, ended] });
  expect(await made.slice()).toMatchObject({ kind: 'ended', outcome, unrecorded: [] });
  expect(nextMessages(foldTranscript(made.log))).toHaveLength(1);
});
