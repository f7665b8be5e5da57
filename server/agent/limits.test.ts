import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.ts';
import type { Usage } from '../domain/ports/model.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import { foldTranscript, openCalls } from '../domain/transcript/fold.ts';
import { isLandingNotice } from '../domain/transcript/notices.ts';
import { harness, type Harness, type Setup } from './testing/harness.ts';
import { kinds, payloads } from './testing/log.ts';
import { memorySandbox, output, runsOn } from './testing/memory-sandbox.ts';
import { reply } from './testing/scripted-model.ts';
import { testClock } from './testing/test-clock.ts';

const files = { 'src/a.js': 'one\ntwo\nthree\n', 'src/b.js': 'b\n', 'test/a.test.js': 't\n' };
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);
const tokensOf = ({ input, output, cacheRead, cacheWrite }: Usage) => input + output + cacheRead + cacheWrite;
const run = (setup: Setup) => harness({ sandbox: memorySandbox({ files }), ...setup });

/** Where in a log the agent is told to come to an end. */
const landings = (log: RunEvent[]) =>
  log.flatMap(({ kind, payload }, index) => (kind === 'message.added' && isLandingNotice(payload.text) ? [index] : []));

describe('limits', () => {
  const forever = Array.from({ length: 200 }, (_, index) =>
    reply(`t${index}`, [['view', { path: `src/${index}.js` }]]),
  );

  it('money: tells at 85 %, shortens the last replies, and is never overspent', async () => {
    const made = run({ turns: forever, limits: { costMicros: 150_000, turns: 500 } });
    let end = await made.slice();
    while (end.kind === 'continue') end = await made.slice();
    expect(end).toMatchObject({ kind: 'ended', outcome: { reason: 'cost_exhausted' } });
    expect(end.totals.costMicros).toBeLessThanOrEqual(150_000);
    expect(end.totals.costMicros).toBeGreaterThan(50_000);
    const asked = payloads(made.log, 'model.called').map(({ maxTokens }) => maxTokens);
    expect(asked[0]).toBe(8000);
    expect(asked.at(-1)).toBeLessThan(2000);
    const notices = landings(made.log);
    expect(notices).toHaveLength(1);
    const callsAfter = payloads(made.log.slice(notices[0]), 'model.called').length;
    expect(callsAfter).toBeGreaterThanOrEqual(2);
  });

  it('money that another run takes between look and reservation: asks for less, and keeps its results', async () => {
    let left = 5_000_000;
    let refused = 0;
    const made = run({
      turns: [reply('t1', [['view', { path: 'src/a.js' }]]), handoff],
      left: () => ({ micros: left, microsOf: 'org 2026-11' }),
      beforeWrite: (_, events) => {
        const called = events.find(({ kind }) => kind === 'model.called');
        if (called?.kind !== 'model.called' || refused === 2 || called.payload.turn !== 2) return;
        refused += 1;
        left = 100_000 - refused * 1_000;
        throw new AppError('budget_exhausted', 'It does not fit.', {});
      },
    });
    expect(await made.slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(refused).toBe(2);
    const calls = payloads(made.log, 'model.called');
    expect(calls.map(({ turn }) => turn)).toEqual([1, 2]);
    expect(calls[1]?.reservedMicros).toBeLessThanOrEqual(98_000);
    expect(payloads(made.log, 'tool.finished').filter(({ tool }) => tool === 'view')).toHaveLength(1);
  });

  it('money of the org that is gone: ends, and says whose', async () => {
    const made = run({ turns: forever, left: () => ({ micros: 0, microsOf: 'org 2026-11' }) });
    const end = await made.slice();
    const detail = expect.stringContaining('the budget of the org for November 2026');
    expect(end).toMatchObject({ kind: 'ended', outcome: { reason: 'cost_exhausted', detail } });
    expect(payloads(made.log, 'model.called')).toEqual([]);
  });

  it('tokens: told before they are gone, keeps enough to land with, and is never beyond them', async () => {
    const limit = 150_000;
    const used = () => payloads(made.log, 'model.replied').reduce((sum, { usage }) => sum + tokensOf(usage), 0);
    const told = () => payloads(made.log, 'message.added').length > 0;
    const made: Harness = run({
      turns: forever,
      limits: { turns: 500, sliceMs: 10_000_000 },
      left: () => ({ tokens: limit - used(), tokensOf: 'task total', landingTokens: told() ? 0 : 22_500 }),
    });
    const detail = expect.stringContaining('under the budget of the task');
    expect(await made.slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'tokens_exhausted', detail } });
    expect(used()).toBeLessThanOrEqual(limit);
    const notices = landings(made.log);
    expect(notices).toHaveLength(1);
    expect(payloads(made.log, 'message.added').at(-1)!.text).toMatch(/, [1-9]\d* tokens and \d+ turns are left/);
    expect(payloads(made.log.slice(notices[0]), 'model.called').length).toBeGreaterThanOrEqual(2);
  });

  it('going round in circles: told once, then stopped with the reason', async () => {
    const same = Array.from({ length: 20 }, (_, index) => reply(`t${index}`, [['view', { path: 'src/a.js' }]]));
    const made = run({ turns: same });
    const detail = expect.stringContaining('the last 4 calls were the same view call');
    expect(await made.slice()).toMatchObject({
      kind: 'ended',
      outcome: { reason: 'stuck', detail },
      totals: { turns: 8 },
    });
    expect(payloads(made.log, 'message.added').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^You seem to be stuck/),
    ]);
  });

  it('an agent that takes another way after it was told goes on', async () => {
    const same = Array.from({ length: 4 }, (_, index) => reply(`t${index}`, [['view', { path: 'src/a.js' }]]));
    const other = reply('other', [['create', { path: 'src/c.js', content: 'c\n' }]]);
    const made = run({ turns: [...same, other, handoff] });
    expect(await made.slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(payloads(made.log, 'message.added')).toHaveLength(1);
  });

  it('turns: the landing notice comes once, then the end', async () => {
    const { slice, log } = run({ turns: forever, limits: { turns: 10 } });
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'turn_limit' }, totals: { turns: 10 } });
    expect(landings(log)).toHaveLength(1);
    expect(payloads(log, 'message.added').at(-1)!.text).toMatch(
      /^Your budget is nearly used up: .* and 2 turns are left/,
    );
  });

  it('seconds: told at 85 %, stopped at the limit with the command aborted', async () => {
    const sandbox = memorySandbox({
      commands: {
        slow: () => {
          made.clock.advance(86_000);
          return output('slow');
        },
        endless: (request) => {
          setImmediate(() => made.clock.advance(14_000));
          return runsOn(request);
        },
      },
    });
    const made = run({
      sandbox,
      clock: testClock({ skips: 10_000 }),
      limits: { seconds: 100, sliceMs: 1_000_000 },
      turns: [reply('t1', [['shell', { command: 'slow' }]]), reply('t2', [['shell', { command: 'endless' }]])],
    });
    const end = await made.slice();
    expect(end).toMatchObject({ kind: 'ended', outcome: { reason: 'run_time_exhausted' } });
    expect(payloads(made.log, 'message.added')[0]!.text).toMatch(/about 14 s of run-time/);
    expect(end.kind === 'ended' && end.unrecorded).toMatchObject([
      { kind: 'tool.finished', payload: { callId: 't2-1', outcome: 'timed_out' } },
    ]);
    expect(made.clock.now().getTime() - made.clock.startedAt).toBeLessThanOrEqual(101_000);
  });

  it('seconds: a tool that does not notice is given up within a second', async () => {
    const sandbox = memorySandbox({
      commands: {
        deaf: () => {
          setImmediate(() => made.clock.advance(100_000));
          return new Promise(() => {});
        },
      },
    });
    const made = run({
      sandbox,
      clock: testClock({ skips: 10_000 }),
      limits: { seconds: 100 },
      turns: [reply('t1', [['shell', { command: 'deaf' }]])],
    });
    expect(await made.slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'run_time_exhausted' } });
    expect(made.clock.now().getTime() - made.clock.startedAt).toBeLessThanOrEqual(101_000);
  });

  it('a slice ends at the first turn boundary after its time', async () => {
    const sandbox = memorySandbox({
      commands: {
        work: () => {
          made.clock.advance(20_000);
          return output('ok');
        },
      },
    });
    const work = (id: string) => reply(id, [['shell', { command: 'work' }]]);
    const made = run({ sandbox, turns: [work('t1'), work('t2'), work('t3'), handoff] });
    expect(await made.slice()).toMatchObject({ kind: 'continue', afterMs: 0, totals: { turns: 2 } });
    expect(openCalls(foldTranscript(made.log))).toEqual([]);
    expect(await made.slice()).toMatchObject({ kind: 'ended' });
    expect(made.sandbox.started).toEqual(['work', 'work', 'work']);
  });
});

describe('stop', () => {
  const byPerson = { kind: 'stopped', reason: 'stopped_by_person', detail: 'Not needed any more.' } as const;

  it('aborts a running tool and ends the run with the reason', async () => {
    const sandbox = memorySandbox({
      commands: {
        endless: (request) => {
          setImmediate(() => made.stop(byPerson));
          return runsOn(request);
        },
      },
    });
    const made = run({
      sandbox,
      turns: [
        reply('t1', [
          ['shell', { command: 'endless' }],
          ['create', { path: 'src/never.js', content: '' }],
        ]),
      ],
    });
    const end = await made.slice();
    expect(end).toMatchObject({ outcome: { reason: 'stopped_by_person', detail: 'Not needed any more.' } });
    expect(made.sandbox.started).toEqual(['endless']);
  });

  it('aborts a model call in the air, which counts as what was reserved for it', async () => {
    const made = run({
      turns: ['silence'],
      afterWrite: (commit) => commit === 2 && setImmediate(() => made.stop(byPerson)),
    });
    const end = await made.slice();
    const { reservedMicros } = payloads(made.log, 'model.called')[0]!;
    expect(end).toMatchObject({ outcome: { reason: 'stopped_by_person' }, totals: { costMicros: reservedMicros } });
  });

  it('is honoured before the next model call', async () => {
    const made = run({
      turns: [reply('t1', [['view', { path: 'src/a.js' }]])],
      afterWrite: (commit) => commit === 3 && made.stop(byPerson),
    });
    expect(await made.slice()).toMatchObject({ outcome: { reason: 'stopped_by_person' } });
    expect(made.model.requests).toHaveLength(1);
  });

  it('draining ends the slice, not the run: what ran is lost, what had not begun says so', async () => {
    const sandbox = memorySandbox({
      files,
      commands: {
        endless: (request) => {
          setImmediate(() => made.stop({ kind: 'draining' }));
          return runsOn(request);
        },
      },
    });
    const made = run({
      sandbox,
      turns: [
        reply('t1', [
          ['shell', { command: 'endless' }],
          ['create', { path: 'src/later.js', content: '' }],
        ]),
        handoff,
      ],
    });
    expect(await made.slice()).toMatchObject({ kind: 'continue' });
    const texts = payloads(made.log, 'tool.finished').map(({ outcome, text }) => `${outcome}: ${text}`);
    expect(texts[0]).toMatch(
      /^lost: The call shell \(t1-1\) was interrupted when the server stopped; it may or may not/,
    );
    expect(texts[1]).toMatch(/^lost: The turn was interrupted when the server stopped, before the call create/);
    expect(await made.slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(made.sandbox.started).toEqual(['endless']);
  });

  it.each([[{ kind: 'lease_lost' }], [undefined], ['some other reason']])(
    'on %j writes nothing more',
    async (cause) => {
      const made = run({
        turns: ['silence'],
        afterWrite: (commit) => commit === 2 && setImmediate(() => made.stop(cause as never)),
      });
      await expect(made.slice()).rejects.toMatchObject({ code: 'lease_lost' });
      expect(kinds(made.log)).toEqual(['run.started', 'slice.started', 'model.called']);
    },
  );
});
