import { expect, test } from 'vitest';
import { coverageCollector } from './coverage.ts';
import type { ExportedLine } from './exported-log.ts';

const at = '2026-11-28T10:00:00.000Z';
const [head, old] = ['h'.repeat(40), 'o'.repeat(40)];
const event = (kind: string, payload: object): ExportedLine => ({
  ...{ type: 'event', leaf: 0, stream: 's', seq: 1, kind, at, header: '', payload: JSON.stringify(payload) },
  ...{ salt: '00', hash: '00' },
});
const opened = event('change.opened', { changeId: 'c', pipelineRunId: 'p', branch: 'b', base: old });
const merged = event('change.merged', { changeId: 'c', head, target: 'main', previous: old, merged: 'm' });
const check = (commit: string, verdict = 'passed') =>
  event('check.finished', { checkResultId: 'x', changeId: 'c', commit, verdict, evidenceSha256: 'd' });
const request = (approvalKind: string) =>
  event('approval.requested', { approvalId: 'a', approvalKind, digest: 'd', pipelineRunId: 'p' });
const decided = (verdict: string) =>
  event('approval.decided', { approvalId: 'a', digest: 'd', verdict, reason: '', via: 'web', selfApproved: false });

const none = ['its merge by Fleet'];
const noCheck = 'a passed check of what was merged';
const noPerson = "a person's approval of the merge";
test.each<[string, ExportedLine[], string, string[]]>([
  ['all of it', [opened, check(head), request('merge'), decided('approved'), merged], 'complete', []],
  ['no event at all', [], 'none', none],
  ['everything but the merge', [opened, check(head), request('merge'), decided('approved')], 'none', none],
  [
    'a check of another commit',
    [opened, check(old), request('merge'), decided('approved'), merged],
    'partial',
    [noCheck],
  ],
  [
    'a failed check',
    [opened, check(head, 'failed'), request('merge'), decided('approved'), merged],
    'partial',
    [noCheck],
  ],
  [
    'an approval of something else',
    [opened, check(head), request('scope'), decided('approved'), merged],
    'partial',
    [noPerson],
  ],
  ['a denied merge', [opened, check(head), request('merge'), decided('denied'), merged], 'partial', [noPerson]],
  ['the merge alone', [merged], 'partial', [noCheck, noPerson]],
  [
    'an event that cannot be read',
    [opened, check(head), request('merge'), decided('approved'), event('change.merged', {})],
    'none',
    none,
  ],
])('a commit with %s', (_, lines, evidence, lacks) => {
  const collector = coverageCollector();
  for (const line of lines) collector.take(line);
  const commit = { commit: 'm', at, subject: 'Merge' };
  expect(collector.cover([commit])).toEqual([{ ...commit, evidence, lacks }]);
});
