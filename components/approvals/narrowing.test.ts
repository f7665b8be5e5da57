import { describe, expect, it } from 'vitest';
import { approvalSentences } from '../../server/domain/approval/sentences.ts';
import type { ApprovalSubject } from '../../server/domain/approval/subject.ts';
import { narrowed, narrowingOf, nothingCut } from './narrowing.ts';

const of = { runId: 'run_1', callId: 'c1', agent: 'Developer', why: 'house rules' };
const scope: ApprovalSubject = { kind: 'scope', ...of, paths: ['docs/**'], hosts: ['example.com'], commands: [] };
const budget: ApprovalSubject = {
  kind: 'budget',
  runId: 'run_1',
  callId: 'c1',
  why: 'w',
  addMicros: 0,
  addSeconds: 1800,
};

describe('narrowing', () => {
  it('gives all while nothing is cut', () => {
    expect(narrowingOf(scope, nothingCut)).toEqual({ granted: null, narrower: false, problem: null });
    expect(narrowingOf(budget, { ...nothingCut, minutes: '30' })).toMatchObject({ narrower: false, problem: null });
  });

  it('gives single files instead of a pattern, and says so', () => {
    const cut = { ...nothingCut, dropped: ['docs/**', 'example.com'], files: ' docs/api.md \n' };
    const narrowing = narrowingOf(scope, cut);
    expect(narrowing).toMatchObject({ narrower: true, granted: { paths: ['docs/api.md'], hosts: [] } });
    expect(approvalSentences(narrowed(scope, narrowing)).consent).toBe(
      'Let Developer also change `docs/api.md`, in this run only.',
    );
  });

  it('gives fewer minutes', () => {
    const narrowing = narrowingOf(budget, { ...nothingCut, minutes: '5' });
    expect(narrowing).toMatchObject({ narrower: true, granted: { kind: 'budget', addSeconds: 300 } });
    expect(approvalSentences(narrowed(budget, narrowing)).consent).toBe('Give this run 5 min of run-time more.');
  });

  it.each([
    [scope, { dropped: ['docs/**', 'example.com'] }, /Nothing is left/],
    [scope, { files: 'src/a.js' }, /goes beyond: src\/a\.js/],
    [budget, { minutes: '31' }, /at most/],
    [budget, { minutes: '0' }, /Nothing is left/],
    [budget, { minutes: '-5' }, /plain numbers/],
    [budget, { minutes: 'x' }, /plain numbers/],
  ])('%j cut by %j is refused', (subject, cut, problem) => {
    expect(narrowingOf(subject, { ...nothingCut, ...cut }).problem).toMatch(problem);
  });
});
