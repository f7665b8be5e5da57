import { describe, expect, it } from 'vitest';
import type { Granted } from './granted.ts';
import { requestAnswer, waitWords, type Decided } from './request-words.ts';
import { approvalSentences } from './sentences.ts';
import type { RunRequest } from './subject.ts';

const ids = { runId: 'run_1', callId: 'c1' };
const of = { ...ids, agent: 'Developer', why: 'because' };
const question: RunRequest = { kind: 'question', runId: 'run_1', callId: 'c1', question: 'May I?', options: [] };
const scope: RunRequest = { kind: 'scope', ...of, paths: ['docs/**'], hosts: ['example.com'], commands: [] };
const budget: RunRequest = { kind: 'budget', ...ids, why: 'because', addMicros: 0, addSeconds: 900 };
const money: RunRequest = { kind: 'budget', ...ids, why: 'because', addMicros: 2_000_000, addSeconds: 90 };
const blocker: RunRequest = { kind: 'blocker', ...of, what: 'no database', needs: 'a database', tried: [] };
const opened: Granted = { kind: 'scope', paths: ['docs/api.md'], hosts: [], commands: [] };

const decided = (over: Partial<Decided>): Decided => ({ approved: true, words: '', granted: null, ...over });

describe('what a person agrees to', () => {
  it.each([
    [scope, 'Let Developer also change `docs/**` and reach `example.com`, in this run only.'],
    [budget, 'Give this run 15 min of run-time more.'],
    [money, 'Give this run $2.00 and 90 s of run-time more.'],
    [blocker, 'Tell Developer that what blocks it is cleared; it goes on.'],
  ])('%#', (request, sentence) => {
    expect(approvalSentences(request).consent).toBe(sentence);
  });
});

describe('what the agent is told', () => {
  it.each<[RunRequest, Partial<Decided>, RegExp]>([
    [question, { words: 'Yes, edit it' }, /^Yes, edit it$/],
    [question, {}, /^Yes\.$/],
    [question, { approved: false, words: 'not now' }, /^No\. not now$/],
    [question, { approved: false }, /^No\.$/],
    [
      scope,
      { granted: opened },
      /may now change `docs\/api\.md`\..*not opened as you asked it: change `docs\/\*\*` and reach/,
    ],
    [
      scope,
      { granted: { ...opened, paths: scope.paths, hosts: scope.hosts } },
      /^Opened for this run: you may now change `docs\/\*\*` and reach `example\.com`\.$/,
    ],
    [scope, { approved: false, words: 'No.' }, /^Nothing was opened\. A person says: No\./],
    [
      budget,
      { granted: { kind: 'budget', addMicros: 0, addSeconds: 300 } },
      /^Given: 5 min of run-time more\. The limit of this run is that much higher now\.$/,
    ],
    [budget, { approved: false }, /Nothing more was given/],
    [blocker, { words: 'started it' }, /cleared\. A person says: started it Try again/],
    [blocker, { approved: false }, /stays\. Finish/],
  ])('%# %j', (request, over, said) => {
    expect(requestAnswer(request, decided(over))).toMatch(said);
  });

  it('an approval that gives nothing is a fault, not an answer', () => {
    expect(() => requestAnswer(scope, decided({}))).toThrow(/opens nothing/);
  });
});

it.each([question, scope, budget, blocker])('every request names what it waits for: %#', (request) => {
  expect(waitWords(request)).toEqual({ for: expect.stringMatching(/\w/), wakes: expect.stringMatching(/a person/) });
});
