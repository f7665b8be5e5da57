import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../domain/events/run-events.ts';
import { ledgerMoves } from '../domain/budget/ledger.ts';
import { foldTranscript, nextMessages } from '../domain/transcript/fold.ts';
import { harness } from './testing/harness.ts';
import { checkMessages } from './testing/messages.ts';
import { memorySandbox } from './testing/memory-sandbox.ts';
import { reply } from './testing/scripted-model.ts';

const write = (id: string, path: string) => reply(id, [['create', { path: `src/${path}`, content: 'x\n' }]]);
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);
const limits = { secondsLimit: 60, costLimitMicros: 1_000_000, tokensLeft: null };

/** The log of a run that went on after its second turn, and of the run that takes another way from there. */
async function logs() {
  const snapshot = async (turn: number) => ({ commit: `tree-${turn}`, leftOut: [] });
  const first = harness({ sandbox: memorySandbox(), snapshot, turns: [write('a', 'one'), write('b', 'two'), handoff] });
  await first.slice();
  const seq = first.log.findIndex(({ kind, payload }) => kind === 'workspace.snapshotted' && payload.turn === 2) + 1;
  const forked: RunEvent = {
    kind: 'run.forked',
    payload: { runId: 'run_1', seq, turn: 2, commit: 'tree-2', ...limits },
  };
  return { inherited: first.log.slice(0, seq), forked };
}

describe('a run that goes on from a turn of another', () => {
  it('has its conversation, and none of what it spent', async () => {
    const { inherited, forked } = await logs();
    const before = foldTranscript(inherited);
    const after = foldTranscript([...inherited, forked]);
    expect(nextMessages(after)).toEqual(nextMessages(before));
    expect(after).toMatchObject({ system: before.system, turn: 2, snapshot: { turn: 2, commit: 'tree-2' } });
    expect(before.totals.costMicros).toBeGreaterThan(0);
    expect(after.totals).toMatchObject({ costMicros: 0, toolCalls: 0, input: 0, turns: 2 });
    expect(after).toMatchObject({ concluded: null, landing: false, ended: null });
  });

  it('is driven as any other, and gives no call the id of an earlier one', async () => {
    const { inherited, forked } = await logs();
    const log = [...inherited, forked];
    const gone = [handoff, handoff];
    const next = harness({ log, sandbox: memorySandbox(), turns: [...gone, write('a', 'three'), handoff] });
    expect(await next.slice()).toMatchObject({
      kind: 'ended',
      outcome: { reason: 'handed_off' },
      totals: { turns: 4 },
    });
    const last = next.log.findLastIndex(({ kind }) => kind === 'model.called');
    checkMessages(nextMessages(foldTranscript(next.log.slice(0, last))));
    const ids = next.log.flatMap(({ kind, payload }) => (kind === 'tool.intended' ? [payload.callId] : []));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('keeps back money to land with, as a run does at its start', async () => {
    const { forked } = await logs();
    expect(ledgerMoves([forked], 0)).toEqual([{ do: 'reserve', call: 'landing', micros: 150_000, tokens: 0 }]);
  });
});
