import { expect, it } from 'vitest';
import { landingNotice } from '../../server/domain/transcript/notices.ts';
import { budgetFaults, budgetFigures, type BudgetFigures } from './budget-story.ts';
import type { SeenEvent } from './follow-task.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();

function event(kind: string, payload: object, { seconds = 0, source = 'build 1' } = {}): SeenEvent {
  const actor = { type: 'system', reason: 'test' } as const;
  return { source, event: { streamId: source, seq: 1, kind, at: at(seconds), actor, payload, hash: '' } };
}

const notice = landingNotice({ seconds: 2, costMicros: 1, turns: 3, tokens: null });
const created = (source: string) => event('tool.finished', { tool: 'create', outcome: 'ok' }, { source, seconds: 18 });
const seen = [
  created('build 1'),
  event('message.added', { source: 'platform', text: notice }, { seconds: 18 }),
  created('build 1'),
  event('run.ended', { millisUsed: 24_100, outcome: { reason: 'run_time_exhausted' } }, { seconds: 40 }),
];
const run = { stage: 'build', attempt: 1, startedAt: at(0.5), forkOf: null };
const wentOn = { ...run, attempt: 2, forkOf: { runId: 'run_1', turn: 12 } };
const raise = {
  subject: { kind: 'budget' as const, runId: 'run_1', callId: 'c', addMicros: 0, addSeconds: 60, why: '' },
  granted: { kind: 'budget' as const, addMicros: 0, addSeconds: 4 },
};
const sound = budgetFigures(seen, [run, wentOn], [raise]);

it('the story is read from the log: told, saved once, raised in part, stopped, and gone on from', () => {
  expect(sound).toEqual({
    ...{ toldAtMs: 17_500, limitMs: 24_000, stoppedAtMs: 24_100, saved: 1, savedAgain: 0, asked: 60, given: 4 },
    ...{ reason: 'run_time_exhausted', wentOnFromTurn: 12 },
  });
  expect(budgetFaults(sound)).toEqual([]);
  expect(budgetFigures([...seen, created('build 2')], [], []).savedAgain).toBe(1);
});

it.each<[string, Partial<BudgetFigures>]>([
  ['told to land', { toldAtMs: 16_900 }],
  ['told to land', { toldAtMs: -1 }],
  ['saved 0 files', { saved: 0 }],
  ['wrote 1 again', { savedAgain: 1 }],
  ['gave 60 of the 60', { given: 60 }],
  ['gave 0', { given: 0 }],
  ['ended with handed_off', { reason: 'handed_off' }],
  ['stopped at 25001', { stoppedAtMs: 25_001 }],
  ['stopped at 23999', { stoppedAtMs: 23_999 }],
  ['no run went on', { wentOnFromTurn: null }],
])('the demo fails when it %s', (words, over) => {
  expect(budgetFaults({ ...sound, ...over })).toEqual([expect.stringContaining(words)]);
});
