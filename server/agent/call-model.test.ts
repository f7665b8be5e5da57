import { describe, expect, it } from 'vitest';
import { harness, type Setup } from './testing/harness.ts';
import { kinds, payloads } from './testing/log.ts';
import { memorySandbox } from './testing/memory-sandbox.ts';
import { failure, reply } from './testing/scripted-model.ts';

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
