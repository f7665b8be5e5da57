import { expect, test } from 'vitest';
import type { BoardCardView } from '../../server/domain/views/views.ts';
import { boardLayout, cardHref } from './columns.ts';

const card = (id: string, part: Partial<BoardCardView>): BoardCardView => ({
  pipelineRunId: id,
  taskId: `tsk_${id}`,
  taskNumber: 1,
  title: '',
  repo: '',
  column: 'running',
  status: 'running',
  sentence: '',
  stage: null,
  agent: null,
  runId: null,
  changeId: null,
  approvalId: null,
  costMicros: 0,
  reservedMicros: 0,
  costLimitMicros: 0,
  secondsUsed: 0,
  secondsLimit: 0,
  scripted: false,
  progressAt: '2026-11-22T12:00:00.000Z',
  createdAt: '2026-11-22T12:00:00.000Z',
  ...part,
});

test('what has waited longest for a person is first; elsewhere the latest progress is', () => {
  const at = (minute: number) => `2026-11-22T12:0${minute}:00.000Z`;
  const layout = boardLayout([
    card('new', { column: 'needs_you', progressAt: at(5) }),
    card('old', { column: 'needs_you', progressAt: at(1) }),
    card('first', { progressAt: at(1) }),
    card('last', { progressAt: at(9) }),
  ]);
  expect(layout.needs_you).toEqual(['old', 'new']);
  expect(layout.running).toEqual(['last', 'first']);
  expect(layout.done).toEqual([]);
});

test('a card leads to what can be done about it', () => {
  expect(cardHref('acme', card('a', { column: 'needs_you', approvalId: 'apr_1', runId: 'run_1' }))).toBe(
    '/acme/approvals/apr_1',
  );
  expect(cardHref('acme', card('a', { runId: 'run_1' }))).toBe('/acme/runs/run_1');
  expect(cardHref('acme', card('a', { column: 'done', runId: 'run_1' }))).toBe('/acme/tasks/tsk_a');
});
