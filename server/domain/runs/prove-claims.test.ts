import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/run-events.ts';
import { proveClaims } from './prove-claims.ts';

type Outcome = Extract<RunEvent, { kind: 'tool.finished' }>['payload']['outcome'];

function call(
  callId: string,
  input: unknown,
  { outcome = 'ok' as Outcome, exitCode = null as number | null } = {},
): RunEvent[] {
  const verdict = { verdict: 'allow' as const, rule: 'r', layer: 'role' as const, reason: '' };
  const of = { turn: 1, callId, tool: 'shell' };
  return [
    { kind: 'tool.intended', payload: { ...of, input, verdict } },
    {
      kind: 'tool.finished',
      payload: { ...of, outcome, text: '', exitCode, droppedBytes: 0, blobId: null, durationMs: 1 },
    },
  ];
}

const log = [
  ...call('c1', { command: 'npm test' }, { exitCode: 1 }),
  ...call('c2', { command: 'npm  test\n' }, { exitCode: 0 }),
  ...call('c3', { path: 'docs/api.md' }),
  ...call('c4', { command: 'rm -rf /' }, { outcome: 'denied' }),
  ...call('c5', { command: 'sleep 9' }, { outcome: 'lost' }),
  ...call('c6', { command: 'npm run lint' }, { exitCode: 2 }),
];
const prove = (evidence: string) => proveClaims([{ statement: 'It holds', evidence }], log);

describe('a claim of a hand-off', () => {
  it.each([
    ['npm test', 'c2', 'ok'],
    [' npm test ', 'c2', 'ok'],
    ['c1', 'c1', 'failed'],
    ['docs/api.md', 'c3', 'ok'],
    ['npm run lint', 'c6', 'failed'],
  ])('that names %j points to call %s, which ended %s', (evidence, callId, ended) => {
    expect(prove(evidence)).toEqual({
      proofs: [{ statement: 'It holds', evidence, callId, tool: 'shell', ended }],
    });
  });

  it.each(['I looked', 'npm', 'rm -rf /', 'sleep 9', ''])('that names %j points to nothing', (evidence) => {
    expect(prove(evidence)).toEqual({ problem: expect.stringContaining('“It holds”') });
  });

  it('is refused with all others that point to nothing, and none is needed', () => {
    const claims = [
      { statement: 'A', evidence: 'x' },
      { statement: 'B', evidence: 'npm test' },
      { statement: 'C', evidence: 'y' },
    ];
    expect(proveClaims(claims, log)).toEqual({ problem: expect.stringMatching(/“A” \(x\); “C” \(y\)/) });
    expect(proveClaims([], log)).toEqual({ proofs: [] });
  });
});
