import { describe, expect, it } from 'vitest';
import { foldTranscript, nextMessages } from '../domain/transcript/fold.ts';
import { harness, testPrices, type Setup } from './testing/harness.ts';
import { kinds, payloads } from './testing/log.ts';
import { memorySandbox } from './testing/memory-sandbox.ts';
import { failure, reply, scriptedModel } from './testing/scripted-model.ts';

const files = { 'src/a.js': 'one\ntwo\nthree\n', 'src/b.js': 'b\n', 'test/a.test.js': 't\n' };
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);
const run = (setup: Setup) => harness({ sandbox: memorySandbox({ files }), ...setup });

describe('model faults', () => {
  it('waits out two 429 and goes on, honouring the delay the provider names', async () => {
    const { slice, log, clock } = run({
      turns: [[failure('rate_limited'), failure('rate_limited', 7000), handoff]],
    });
    expect(await slice()).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(payloads(log, 'model.failed')).toMatchObject([
      { turn: 1, fault: 'rate_limited', retryInMs: 1000, costMicros: 0 },
      { turn: 1, fault: 'rate_limited', retryInMs: 7000, costMicros: 0 },
    ]);
    expect(payloads(log, 'model.called')).toHaveLength(3);
    expect(clock.now().getTime() - clock.startedAt).toBe(8000);
  });

  it('gives the slice back when the wait outlasts it', async () => {
    const { slice, log } = run({ turns: [[failure('overloaded', 45_000), handoff]] });
    expect(await slice()).toMatchObject({ kind: 'continue', afterMs: 45_000 });
    expect(payloads(log, 'model.failed')).toMatchObject([{ fault: 'overloaded', retryInMs: null }]);
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
  });

  it('gives up after ten failures in a row, over slices', async () => {
    const { slice, log } = run({ turns: [failure('overloaded')] });
    let end = await slice();
    while (end.kind === 'continue') end = await slice();
    expect(end).toMatchObject({ kind: 'ended', outcome: { reason: 'model_unavailable' } });
    expect(end.kind === 'ended' && end.outcome.detail).toMatch(/overloaded: 10 calls in a row/);
    expect(payloads(log, 'model.failed')).toHaveLength(9);
  });

  it.each([
    ['key_rejected', 'model_key_rejected', /Save a valid key/],
    ['key_exhausted', 'model_key_exhausted', /Add credit/],
    ['too_long', 'context_full', /Split the task/],
    ['bad_request', 'model_unavailable', /Check the model's name/],
  ] as const)('%s ends the run at once', async (fault, reason, advice) => {
    const { slice, model } = run({ turns: [failure(fault)] });
    const end = await slice();
    expect(end).toMatchObject({ kind: 'ended', outcome: { reason } });
    expect(end.kind === 'ended' && end.outcome.detail).toMatch(advice);
    expect(end.kind === 'ended' && kinds(end.unrecorded)).toEqual(['model.failed']);
    expect(model.requests).toHaveLength(1);
  });

  it('a refusal ends the run', async () => {
    const { slice } = run({ turns: [reply('a', [], { stopReason: 'refusal' })] });
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'model_refused' } });
  });
});

describe('an overloaded model with a fallback', () => {
  const own = { thinking: 'Hm.', signature: 'c2ln' };
  const thinks = reply('t1', [], {
    content: [
      { type: 'thinking', ...own },
      { type: 'tool_use', id: 't1-1', name: 'view', input: { path: 'src/a.js' }, extra: { signed: 'x' } },
    ],
    stopReason: 'tool_use',
  });
  const dear = testPrices.map((row) => ({ ...row, outputMicros: row.outputMicros * 100 }));
  const answers = (last = handoff) => ({
    name: 'second',
    provider: 'Rack',
    model: scriptedModel([last, { ...last, model: 'second' }]),
    prices: dear,
    windowTokens: 100_000,
    maxTokens: 2_000,
  });

  it('is given up after three calls in a row, and the fallback answers for the rest of the run, at its own price', async () => {
    const fallback = answers();
    const { slice, log, model } = run({ turns: [thinks, failure('overloaded')], fallback });
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(payloads(log, 'model.switched')).toEqual([
      { turn: 2, from: 'scripted', to: 'second', fault: 'overloaded', failures: 3 },
    ]);
    expect(payloads(log, 'model.called').map(({ model: name }) => name)).toEqual([
      ...['scripted', 'scripted', 'scripted', 'scripted'],
      'second',
    ]);
    expect(model.requests).toHaveLength(4);
    const [asked] = fallback.model.requests;
    expect(asked).toMatchObject({ model: 'second', maxTokens: 2_000 });
    expect(payloads(log, 'model.replied').at(-1)!.costMicros).toBeGreaterThan(50_000);
    // What only the first maker takes back is gone; the call and its result are there.
    expect(JSON.stringify(asked!.messages)).not.toMatch(/Hm\.|c2ln|signed/);
    expect(asked!.messages.slice(1)).toMatchObject([
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1-1' }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1-1' }] },
    ]);
    const before = log.slice(
      0,
      log.findLastIndex(({ kind }) => kind === 'model.called'),
    );
    expect(nextMessages(foldTranscript(before))).toEqual(asked!.messages);
  });

  it('stays given up in the next slice, and a fallback that fails too is not left again', async () => {
    const fallback = { ...answers(), model: scriptedModel([failure('overloaded', 45_000)]) };
    const made = run({ turns: [failure('network')], fallback });
    let end = await made.slice();
    while (end.kind === 'continue') end = await made.slice();
    expect(end).toMatchObject({ kind: 'ended', outcome: { reason: 'model_unavailable' } });
    expect(payloads(made.log, 'model.switched')).toHaveLength(1);
    expect(made.model.requests).toHaveLength(3);
    expect(fallback.model.requests).toHaveLength(10);
  });

  it('is not given up for what no other model mends', async () => {
    const fallback = answers();
    const { slice } = run({ turns: [failure('key_rejected')], fallback });
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'model_key_rejected' } });
    expect(fallback.model.requests).toHaveLength(0);
  });
});
