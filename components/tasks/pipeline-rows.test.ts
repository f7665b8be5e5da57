import { expect, test } from 'vitest';
import type { StageView } from '../../server/domain/views/views.ts';
import { pipelineRows } from './pipeline-rows.ts';

const planned = ['prepare', 'build', 'check', 'review', 'merge-ok', 'merge'];
const stage = (name: string, attempt: number, minute: number, status: StageView['status'] = 'passed'): StageView => ({
  id: `${name}-${attempt}`,
  stage: name,
  kind: 'agent',
  attempt,
  status,
  sentence: '',
  startedAt: `2026-11-22T12:${String(minute).padStart(2, '0')}:00.000Z`,
  endedAt: null,
  runId: null,
  approvalId: null,
  checkVerdict: null,
});
const short = (rows: ReturnType<typeof pipelineRows>) =>
  rows.map((row) =>
    row.type === 'planned'
      ? row.name
      : `${row.stage.id}${row.sentBack ? ' sent back' : ''}${row.backFrom ? ` from ${row.backFrom}` : ''}`,
  );

test('rework shows who sent it back, and what is still to come follows the last attempt', () => {
  const stages = [
    stage('build', 2, 5, 'running'),
    stage('prepare', 1, 1),
    stage('build', 1, 2),
    stage('check', 1, 3),
    stage('review', 1, 4, 'failed'),
  ];
  expect(short(pipelineRows(stages, planned, false))).toEqual([
    'prepare-1',
    'build-1',
    'check-1',
    'review-1 sent back',
    'build-2 from review',
    'check',
    'review',
    'merge-ok',
    'merge',
  ]);
});

test('before anything ran everything is planned; after the end nothing is', () => {
  expect(short(pipelineRows([], planned, false))).toEqual(planned);
  expect(short(pipelineRows([stage('build', 1, 1, 'failed')], planned, true))).toEqual(['build-1']);
});
