import { describe, expect, test } from 'vitest';
import { erasedPayload, remainsOf } from './erased-payload.ts';
import { mayBeErased } from './may-be-erased.ts';
import { runEvents } from './run-events.ts';

const E = '[erased]';

describe('what is left of an erased payload', () => {
  test('is what is no text: numbers, ids and words of a fixed set', () => {
    const payload = {
      ...{ turn: 3, callId: 'toolu_1', tool: 'shell', outcome: 'ok', text: 'Ann’s address', exitCode: 0 },
      ...{ droppedBytes: 0, blobId: null, durationMs: 5 },
    };
    expect(remainsOf('run', 'tool.finished', payload)).toEqual({ ...payload, text: E });
  });

  test('has nothing of an input of any form, and of blocks their kinds', () => {
    const verdict = { verdict: 'allow', rule: 'r', layer: 'role', reason: 'x' };
    const intended = { turn: 1, callId: 'toolu_1', tool: 'shell', input: { 'a key': { b: ['c'] } }, verdict };
    expect(remainsOf('run', 'tool.intended', intended)).toMatchObject({ turn: 1, input: E });
    const content = [
      { type: 'text', text: 'a' },
      { type: 'tool_use', id: 'toolu_1', name: 'n', input: { command: 'b' } },
    ];
    const usage = { input: 1, output: 2, cacheRead: 0, cacheWrite: 0 };
    const replied = { turn: 1, model: 'm', content, stopReason: 'end_turn', usage, costMicros: 1, durationMs: 1 };
    const left = remainsOf('run', 'model.replied', replied);
    expect(JSON.stringify(left)).not.toMatch(/"(a|b|command)"/);
    expect(runEvents['model.replied'].safeParse(left).success).toBe(true);
    expect(left).toMatchObject({
      content: [
        { type: 'text', text: E },
        { type: 'tool_use', id: 'toolu_1', input: E },
      ],
    });
  });

  test('is nothing of a payload that no schema knows', () => {
    expect(remainsOf('run', 'run.resumed', { nothing: 1 })).toBeNull();
    expect(remainsOf('org', 'no.such', { reason: 'x' })).toBeNull();
  });

  test('says to readers when and why it went', () => {
    const stone = {
      ...{
        stream: 's',
        seq: 1,
        eventHash: '',
        payloadHash: '',
        at: '2026-11-28T10:00:00.000Z',
        why: 'request' as const,
      },
      ...{ actor: { type: 'user' as const, userId: 'u' }, reason: 'asked for', left: { reason: E, n: 1 } },
    };
    expect(erasedPayload(stone)).toEqual({ reason: '[erased on 2026-11-28: asked for]', n: 1 });
  });
});

test('what merges and exports are proved by stays', () => {
  expect(mayBeErased('org', 'approval.decided')).toBe(false);
  expect(mayBeErased('org', 'task.created')).toBe(true);
  expect(mayBeErased('run', 'model.replied')).toBe(true);
});
