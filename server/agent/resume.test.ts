import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { Layer } from '../domain/policy/policy.ts';
import { rule } from '../domain/policy/rule.ts';
import { balanced, runPolicy } from '../domain/policy/run-policy.ts';
import { extendTranscript, foldTranscript, nextMessages, openCalls } from '../domain/transcript/fold.ts';
import type { SliceEnd } from './ports.ts';
import { acceptingDesk, harness, type Harness } from './testing/harness.ts';
import { memorySandbox, output } from './testing/memory-sandbox.ts';
import { checkMessages } from './testing/messages.ts';
import { failure, reply, scriptedModel } from './testing/scripted-model.ts';

/** Every shape a turn can have: side by side, in order, refused, malformed, failing, silent, retried, handed off. */
const turns = () => [
  reply('t1', [
    ['view', { path: 'src/a.js' }],
    ['view', { path: 'src/missing.js' }],
    ['search', { pattern: 'one' }],
  ]),
  [failure('rate_limited'), failure('network'), reply('t2', [['shell', { command: 'npm test' }]])],
  reply('t3', [
    ['create', { path: 'src/c.js', content: 'c\n' }],
    ['replace', { path: 'src/a.js', old_text: 'two', new_text: '2' }],
    ['view', { path: 'src/a.js' }],
    ['shell', { command: 'make' }],
    ['insert', { path: 'src/b.js', after_line: 1, text: 'x' }],
  ]),
  reply('t4', []),
  reply('t5', [
    ['create', { path: '.github/workflows/x.yml', content: '' }],
    ['view', { path: 'src/a.js', line: 3 }],
    ['shell', { command: 'npm test -- --all' }],
  ]),
  reply('t6', [
    ['shell', { command: 'git status' }],
    ['handoff', { summary: 'Done.' }],
  ]),
  // Asked for only where a crash took the call before the hand-off.
  reply('t7', [['handoff', { summary: 'Done after all.' }]]),
];

const commands = Object.fromEntries(
  ['npm test', 'make', 'npm test -- --all', 'git status'].map((name) => [name, () => output(`${name} ran\n`)]),
);
const freshSandbox = () => {
  const sandbox = memorySandbox({ files: { 'src/a.js': 'one\ntwo\nthree\n', 'src/b.js': 'b\n' }, commands });
  const { exec } = sandbox;
  sandbox.exec = async (request) => {
    if (!request.command.startsWith('rg ')) return exec(request);
    const head = new TextEncoder().encode('src/a.js:1:one\n');
    return { exitCode: 0, ended: 'exited', head, tail: new Uint8Array(), droppedBytes: 0, durationMs: 1 };
  };
  return sandbox;
};

async function toTheEnd(made: Harness, crashes: () => boolean = () => false): Promise<SliceEnd & { kind: 'ended' }> {
  for (let slices = 0; slices < 200; slices += 1) {
    try {
      const end = await made.slice();
      if (end.kind === 'ended') return end;
    } catch (crash) {
      if (!crashes()) throw crash;
    }
  }
  throw new Error('The run does not end.');
}

async function recordedRun(): Promise<RunEvent[]> {
  const made = harness({ turns: turns(), sandbox: freshSandbox() });
  const end = await toTheEnd(made);
  return [...made.log, ...end.unrecorded];
}

function checkConversation(log: RunEvent[]): void {
  const asked = log.flatMap((event) => (event.kind === 'tool.intended' ? [event.payload.callId] : []));
  const answered = log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload.callId] : []));
  expect(answered.toSorted()).toEqual(asked.toSorted());
  expect(new Set(asked).size).toBe(asked.length);
  checkMessages(nextMessages(foldTranscript(log)));
}

class Crash extends Error {}

describe('a crash', () => {
  it.each(['before', 'after'] as const)(
    '%s any write: the run ends the same, and nothing is done twice',
    async (when) => {
      const whole = harness({ turns: turns(), sandbox: freshSandbox() });
      await toTheEnd(whole);
      for (let at = 1; at <= whole.commits(); at += 1) {
        const sandbox = freshSandbox();
        const model = scriptedModel(turns());
        const handedOff: string[] = [];
        let crashed = false;
        const crash = (commit: number) => {
          if (commit !== at || crashed) return;
          crashed = true;
          throw new Crash();
        };
        const made = harness({
          model,
          sandbox,
          desk: acceptingDesk(handedOff),
          [when === 'before' ? 'beforeWrite' : 'afterWrite']: crash,
        });
        const end = await toTheEnd(made, () => crashed);
        expect(crashed).toBe(true);
        expect(end.outcome.reason).toBe('handed_off');
        const effects = sandbox.started;
        expect(new Set(effects).size, `twice, crash ${when} write ${at}: ${effects.join()}`).toBe(effects.length);
        expect(new Set(handedOff).size).toBeLessThanOrEqual(1);
        checkConversation([...made.log, ...end.unrecorded]);
        for (const request of model.requests) checkMessages(request.messages);
      }
    },
  );

  it('at every write, one after another, still ends', async () => {
    const sandbox = freshSandbox();
    let crashes = 0;
    const made = harness({
      turns: turns(),
      sandbox,
      afterWrite: (commit) => {
        if (commit % 2 === 0) return;
        crashes += 1;
        throw new Crash();
      },
    });
    const end = await toTheEnd(made, () => true);
    expect(crashes).toBeGreaterThan(5);
    expect(new Set(sandbox.started).size).toBe(sandbox.started.length);
    checkConversation([...made.log, ...end.unrecorded]);
  });

  it('after any event: the log goes on to the same end', async () => {
    const recorded = await recordedRun();
    for (let kept = 1; kept <= recorded.length; kept += 1) {
      const log = recorded.slice(0, kept);
      const intended = log.flatMap((event) => (event.kind === 'tool.intended' ? [event.payload] : []));
      const finished = new Set(log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload.callId] : [])));
      const sandbox = freshSandbox();
      sandbox.files.set('src/c.js', new Uint8Array());
      const made = harness({ log, turns: turns(), sandbox });
      const end = await toTheEnd(made);
      expect(end.outcome.reason).toBe('handed_off');
      checkConversation([...made.log, ...end.unrecorded]);
      for (const { tool, input } of intended) {
        const { command } = input as { command?: string };
        if (tool === 'shell' && command) expect(sandbox.started).not.toContain(command);
      }
      const lost = made.log.flatMap((event) => (event.kind === 'slice.started' ? event.payload.lostCalls : []));
      for (const callId of lost) expect(finished.has(callId)).toBe(false);
    }
  });

  it('names the call that was lost and takes what was reserved for a model call in the air', async () => {
    const made = harness({
      turns: [reply('t1', [['shell', { command: 'make' }]]), reply('t2', [['handoff', { summary: 'Done.' }]])],
      sandbox: freshSandbox(),
      afterWrite: (commit) => {
        if (commit === 2 || commit === 5) throw new Crash();
      },
    });
    const end = await toTheEnd(made, () => true);
    const failures = made.log.flatMap((event) => (event.kind === 'model.failed' ? [event.payload] : []));
    const called = made.log.flatMap((event) => (event.kind === 'model.called' ? [event.payload] : []));
    expect(failures).toMatchObject([{ turn: 1, fault: 'interrupted', costMicros: called[0]!.reservedMicros }]);
    expect(made.log).toContainEqual({
      kind: 'slice.started',
      payload: { generation: 3, worker: 'test', lostCalls: ['t1-1'] },
    });
    const lost = made.log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload] : []));
    expect(lost).toMatchObject([{ callId: 't1-1', outcome: 'lost' }]);
    expect(lost[0]!.text).toMatch(
      /^The call shell \(t1-1\) was interrupted when the server stopped; it may or may not/,
    );
    expect(end.totals.costMicros).toBe(failures[0]!.costMicros + 2 * 1250);
    expect(made.sandbox.started).toEqual([]);
  });

  it('in a call whose tool is closed since: it comes back as lost, not as never made', async () => {
    const told = [reply('t1', [['shell', { command: 'make' }]]), reply('t2', [['handoff', { summary: 'Done.' }]])];
    const made = harness({
      turns: told,
      sandbox: freshSandbox(),
      afterWrite: (commit) => {
        if (commit === 3) throw new Crash();
      },
    });
    await expect(made.slice()).rejects.toThrow(Crash);
    const since = harness({ log: made.log, turns: told, sandbox: freshSandbox(), names: ['view', 'handoff'] });
    await toTheEnd(since);
    const results = since.log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload] : []));
    expect(results).toMatchObject([
      { callId: 't1-1', outcome: 'lost', text: expect.stringContaining('may or may not have taken effect') },
    ]);
  });

  it('in a read: it is read again, and nothing is lost', async () => {
    const made = harness({
      turns: [reply('t1', [['view', { path: 'src/a.js' }]]), reply('t2', [['handoff', { summary: 'Done.' }]])],
      sandbox: freshSandbox(),
      afterWrite: (commit) => {
        if (commit === 3) throw new Crash();
      },
    });
    await toTheEnd(made, () => true);
    const results = made.log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload.outcome] : []));
    expect(results).toEqual(['ok']);
  });

  it('in a read: a rule that was made since holds for it', async () => {
    const closed: Layer = {
      name: 'org',
      limits: [rule.parse({ id: 'no-a', on: 'read', paths: ['src/a.js'], then: 'deny', why: 'it is closed.' })],
      defaults: [],
    };
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['**'] };
    const [before, since] = [[balanced], [balanced, closed]].map((layers) => runPolicy({ layers, scope }));
    const crash = { done: false };
    const made = harness({
      turns: [reply('t1', [['view', { path: 'src/a.js' }]]), reply('t2', [['handoff', { summary: 'Done.' }]])],
      sandbox: freshSandbox(),
      policy: () => (crash.done ? since! : before!),
      afterWrite: (commit) => {
        if (commit !== 3) return;
        crash.done = true;
        throw new Crash();
      },
    });
    await toTheEnd(made, () => true);
    const results = made.log.flatMap((event) => (event.kind === 'tool.finished' ? [event.payload.outcome] : []));
    expect(results).toEqual(['denied']);
  });
});

describe('replay', () => {
  it('gives the same bytes, and each call only adds to the one before', async () => {
    const model = scriptedModel(turns());
    const made = harness({ model, sandbox: freshSandbox() });
    await toTheEnd(made);
    const sent = model.requests.map(({ messages }) => JSON.stringify(messages));
    const replayed: string[] = [];
    made.log.forEach((event, index) => {
      if (event.kind !== 'model.called') return;
      replayed.push(JSON.stringify(nextMessages(foldTranscript(made.log.slice(0, index)))));
    });
    expect(replayed).toEqual(sent);
    model.requests.slice(1).forEach(({ messages, system, tools }, index) => {
      const before = model.requests[index]!;
      expect(system).toBe(before.system);
      expect(tools).toEqual(before.tools);
      const isRetry = messages.length === before.messages.length;
      const shared = isRetry ? before.messages : before.messages.slice(0, -1);
      expect(messages.slice(0, shared.length)).toEqual(shared);
    });
  });

  it('does not depend on where the fold was interrupted', async () => {
    const recorded = await recordedRun();
    const whole = foldTranscript(recorded);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: recorded.length }), (at) => {
        const resumed = recorded.slice(at).reduce(extendTranscript, foldTranscript(recorded.slice(0, at)));
        expect(resumed).toEqual(whole);
      }),
    );
    expect(openCalls(whole)).toEqual([]);
  });
});
