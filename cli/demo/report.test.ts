import { describe, expect, it } from 'vitest';
import { faultsOf, type DemoReport } from './report.ts';

const sound: DemoReport = {
  merged: 'abc',
  mergeCommits: 1,
  cleanCheckout: { tests: 16, failed: 0 },
  chain: { events: 150, streams: 5, verified: true, head: '150:ff', firstBad: null },
  approvals: ['question', 'merge'].map((subject) => ({
    subject,
    hash: 'ff',
    surface: 'browser',
    narrowed: false,
    selfApproved: true,
  })),
  denials: 0,
  newTests: { total: 9, failOnBase: 8 },
  reviewRounds: 1,
  toolCalls: { started: 30, repeated: 0, lost: 0 },
  budget: { seconds: 12, costMicros: 340_000, waitingSeconds: 2, chargedWaiting: 0 },
  leftovers: { branches: 0, processes: 0, mounts: 0 },
  model: 'scripted',
  killed: [],
  timings: { startMs: 1, taskMs: 2, totalMs: 3 },
};
const told = (over: Partial<DemoReport>, kills = 0) => faultsOf({ ...sound, ...over }, { kills, story: 'change' });

describe('the demo', () => {
  it('has no fault when all of it holds', () => {
    expect(told({})).toEqual([]);
    expect(told({ killed: ['a', 'b', 'c'], toolCalls: { started: 30, repeated: 0, lost: 1 } }, 3)).toEqual([]);
  });

  it.each<[string, Partial<DemoReport>]>([
    ['not on the remote', { merged: null }],
    ['2 merge commits', { mergeCommits: 2 }],
    ['clean checkout', { cleanCheckout: { tests: 16, failed: 1 } }],
    ['clean checkout', { cleanCheckout: { tests: -1, failed: 0 } }],
    ['does not verify', { chain: { ...sound.chain, verified: false } }],
    ['ran twice', { toolCalls: { started: 30, repeated: 1, lost: 0 } }],
    ['were lost', { toolCalls: { started: 30, repeated: 0, lost: 1 } }],
    ['1 of 0 kills', { killed: ['a'] }],
    ['were charged', { budget: { ...sound.budget, chargedWaiting: 1 } }],
    ['branches', { leftovers: { ...sound.leftovers, branches: 1 } }],
    ['processes', { leftovers: { ...sound.leftovers, processes: 1 } }],
    ['mounts', { leftovers: { ...sound.leftovers, mounts: 1 } }],
    ['asked for changes 0 times', { reviewRounds: 0 }],
    ['7 of 9', { newTests: { total: 9, failOnBase: 7 } }],
    ['not allowed', { denials: 1 }],
    ['asked 1 times', { approvals: sound.approvals.slice(1) }],
  ])('fails when %s', (words, over) => {
    expect(told(over)).toEqual([expect.stringContaining(words)]);
  });

  it('fails when fewer kills came about than the story has', () => {
    expect(told({ killed: ['a', 'b'] }, 3)).toEqual(['2 of 3 kills came about']);
  });

  it('holds a model that thinks for itself to the outcome, not to the script', () => {
    expect(told({ model: 'some-model', reviewRounds: 0, denials: 2, approvals: [] })).toEqual([]);
    expect(told({ model: 'some-model', merged: null })).toHaveLength(1);
  });
});
