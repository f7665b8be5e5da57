import { expect, test } from 'vitest';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { EventView } from '../../server/domain/views/views.ts';
import { appendEvents, emptyTimeline } from './timeline.ts';

const allow = { verdict: 'allow', rule: 'r', layer: 'role', reason: 'it may' } as const;
const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
const finished = { outcome: 'ok', text: '', exitCode: 0, droppedBytes: 0, blobId: null, durationMs: 5 } as const;

function log(...events: RunEvent[]): EventView[] {
  return events.map((event, index) => ({
    streamId: 'str_1',
    seq: index + 1,
    kind: event.kind,
    at: `2026-11-22T12:00:${String(index).padStart(2, '0')}.000Z`,
    actor: { type: 'agent-run', runId: 'run_1', onBehalfOf: 'usr_1' },
    payload: event.payload,
    hash: '',
  }));
}

const story = log(
  { kind: 'slice.started', payload: { generation: 1, worker: 'w', lostCalls: [] } },
  { kind: 'model.called', payload: { turn: 1, model: 'm', maxTokens: 1, reservedMicros: 1 } },
  { kind: 'model.failed', payload: { turn: 1, fault: 'overloaded', message: 'busy', retryInMs: 10, costMicros: 0 } },
  { kind: 'model.called', payload: { turn: 1, model: 'm', maxTokens: 1, reservedMicros: 1 } },
  {
    kind: 'model.replied',
    payload: {
      turn: 1,
      model: 'm',
      content: [{ type: 'text', text: 'I look.' }],
      stopReason: 'tool_use',
      usage,
      costMicros: 1,
      durationMs: 1,
    },
  },
  { kind: 'tool.intended', payload: { turn: 1, callId: 'a', tool: 'view', input: { path: 'x' }, verdict: allow } },
  { kind: 'tool.intended', payload: { turn: 1, callId: 'b', tool: 'shell', input: { command: 'ls' }, verdict: allow } },
  { kind: 'tool.finished', payload: { turn: 1, callId: 'b', tool: 'shell', ...finished } },
  { kind: 'slice.started', payload: { generation: 2, worker: 'w', lostCalls: ['a'] } },
  { kind: 'tool.finished', payload: { turn: 1, callId: 'a', tool: 'view', ...finished, outcome: 'lost' } },
  { kind: 'model.called', payload: { turn: 2, model: 'm', maxTokens: 1, reservedMicros: 1 } },
);

test('groups replies, failures and calls by turn, and tells of a slice only when it lost something', () => {
  const { items, over } = appendEvents(emptyTimeline, story);
  expect(items.map((item) => item.key)).toEqual(['turn-1', 'note-9', 'turn-2']);
  expect(items[0]).toMatchObject({
    failures: [{ fault: 'overloaded' }],
    reply: { content: [{ text: 'I look.' }] },
    calls: [
      { callId: 'a', result: { outcome: 'lost' } },
      { callId: 'b', result: { outcome: 'ok' } },
    ],
  });
  expect(over).toBe(false);
});

test('any cut of the log, and events that come twice, give the same timeline', () => {
  const whole = appendEvents(emptyTimeline, story);
  for (let cut = 0; cut <= story.length; cut += 1) {
    const first = appendEvents(emptyTimeline, story.slice(0, cut));
    expect(appendEvents(first, story)).toEqual(whole);
    expect(appendEvents(first, story.slice(cut))).toEqual(whole);
  }
  expect(appendEvents(whole, story)).toBe(whole);
});

test('what did not change stays the same object, so that it is not drawn again', () => {
  const before = appendEvents(emptyTimeline, story.slice(0, 9));
  const after = appendEvents(before, story);
  expect(after.items[1]).toBe(before.items[1]);
  expect(after.items[0]).not.toBe(before.items[0]);
});

test('the end of the run ends the stream', () => {
  const outcome = { reason: 'handed_off', detail: 'Done.' } as const;
  const ended = log({ kind: 'run.ended', payload: { outcome, millisUsed: 1, costMicros: 1, turns: 1, toolCalls: 0 } });
  expect(appendEvents(emptyTimeline, ended).over).toBe(true);
});
