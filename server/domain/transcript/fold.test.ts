import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/run-events.ts';
import type { ContentBlock } from '../ports/model.ts';
import { extendTranscript, foldTranscript, nextMessages, openCalls } from './fold.ts';
import { landingNotice } from './notices.ts';

const allow = { verdict: 'allow', rule: 'default', layer: 'platform', reason: 'x' } as const;
const usage = { input: 10, output: 5, cacheRead: 100, cacheWrite: 1 };

const started: RunEvent = {
  kind: 'run.started',
  payload: {
    agent: 'Developer',
    role: 'developer',
    model: 'm',
    scripted: true,
    base: 'b',
    head: 'b',
    system: 'S',
    firstMessage: 'F',
    tools: ['view'],
    secondsLimit: 1,
    costLimitMicros: 1,
  },
};
const use = (id: string): ContentBlock => ({ type: 'tool_use', id, name: 'view', input: { path: id } });
const said = (text: string): ContentBlock => ({ type: 'text', text });
const replied = (turn: number, ...content: ContentBlock[]): RunEvent => ({
  kind: 'model.replied',
  payload: { turn, model: 'm', content, stopReason: 'tool_use', usage, costMicros: 7, durationMs: 1 },
});
const intended = (callId: string): RunEvent => ({
  kind: 'tool.intended',
  payload: { turn: 1, callId, tool: 'view', input: {}, verdict: allow },
});
const finished = (callId: string, text: string, outcome: 'ok' | 'error' = 'ok', tool = 'view'): RunEvent => ({
  kind: 'tool.finished',
  payload: { turn: 1, callId, tool, outcome, text, exitCode: null, droppedBytes: 0, blobId: null, durationMs: 1 },
});
const added = (text: string): RunEvent => ({ kind: 'message.added', payload: { source: 'platform', text } });
const failed = (fault: 'network' | 'interrupted', costMicros: number): RunEvent => ({
  kind: 'model.failed',
  payload: { turn: 1, fault, message: 'x', retryInMs: 0, costMicros },
});

const user = (...texts: string[]) => ({ role: 'user', content: texts.map((text) => ({ type: 'text', text })) });

const shot = { blobId: 'blob_1', mediaType: 'image/png', width: 1280, height: 800 } as const;
const showed = (callId: string, text: string): RunEvent => {
  const event = finished(callId, text);
  if (event.kind !== 'tool.finished') throw new Error('no result');
  return { ...event, payload: { ...event.payload, images: [shot] } };
};

describe('messages', () => {
  it('keep the images of a result until it is cleared', () => {
    const log = [started, replied(1, use('a')), intended('a'), showed('a', 'The page.')];
    const result = { type: 'tool_result', tool_use_id: 'a', content: 'The page.', images: [shot], is_error: false };
    expect(nextMessages(foldTranscript(log)).at(-1)!.content).toEqual([result]);
    const before = { system: 0, tools: 0, texts: 0, thinking: 0, calls: 0, results: 0 };
    const cleared: RunEvent = {
      kind: 'context.cleared',
      payload: { turn: 1, calls: [{ callId: 'a', text: 'gone' }], before },
    };
    const bare = { type: 'tool_result', tool_use_id: 'a', content: 'gone', is_error: false };
    expect(nextMessages(foldTranscript([...log, cleared])).at(-1)!.content).toEqual([bare]);
    const later = foldTranscript([...log, replied(2, use('b')), cleared]);
    expect(later.closed[2]!.content).toEqual([bare]);
  });

  it('count an image as its tokens, not as the few bytes that name it', () => {
    const log = [started, replied(1, use('a')), intended('a'), showed('a', 'x'), replied(2, use('b'))];
    expect(foldTranscript(log).size.closed).toBeGreaterThan(2_000 * 3);
  });

  it('begin with the first message and what was added before any reply', () => {
    expect(nextMessages(foldTranscript([started, added('A')]))).toEqual([user('F', 'A')]);
  });

  it('answer every call once, in the order asked, with texts behind', () => {
    const log = [
      started,
      replied(1, said('t'), use('a'), use('b'), use('c')),
      intended('a'),
      intended('b'),
      intended('c'),
    ];
    const open = foldTranscript(log);
    expect(openCalls(open).map(({ callId }) => callId)).toEqual(['a', 'b', 'c']);
    expect(() => nextMessages(open)).toThrow('The call a has no result yet.');
    const done = foldTranscript([
      ...log,
      finished('c', '3'),
      finished('a', '1', 'error'),
      added('A'),
      finished('b', '2'),
    ]);
    expect(nextMessages(done).at(-1)!.content).toEqual([
      { type: 'tool_result', tool_use_id: 'a', content: '1', is_error: true },
      { type: 'tool_result', tool_use_id: 'b', content: '2', is_error: false },
      { type: 'tool_result', tool_use_id: 'c', content: '3', is_error: false },
      { type: 'text', text: 'A' },
    ]);
  });

  it.each([
    ['empty text', [said(' \n'), use('a')], [use('a')]],
    ['thinking at the end', [said('x'), { type: 'thinking', thinking: 'y', signature: 'z' }], [said('x')]],
    [
      'nothing of what it needs',
      [{ type: 'thinking', thinking: 'y', signature: 'z' }, said('x')],
      [{ type: 'thinking', thinking: 'y', signature: 'z' }, said('x')],
    ],
  ] as [string, ContentBlock[], ContentBlock[]][])('leave out %s', (_, content, sent) => {
    expect(foldTranscript([started, replied(1, ...content)]).closed[1]).toEqual({ role: 'assistant', content: sent });
  });

  it('a reply of nothing at all leaves the question standing', () => {
    const transcript = foldTranscript([started, replied(1, said(' ')), added('Act.')]);
    expect(nextMessages(transcript)).toEqual([user('F', 'Act.')]);
    expect(transcript).toMatchObject({ turn: 1, silentReplies: 1 });
  });

  it('a result of an earlier turn changes nothing', () => {
    const transcript = foldTranscript([started, replied(1, use('a')), finished('a', '1'), replied(2, use('b'))]);
    expect(extendTranscript(transcript, finished('a', 'again')).calls).toEqual(transcript.calls);
  });

  it('are refused when there is nothing to say', () => {
    expect(() => nextMessages(foldTranscript([started, replied(1, said('x'))]))).toThrow('nothing to say');
  });
});

describe('what the loop reads', () => {
  it('totals', () => {
    const first = [started, replied(1, use('a')), intended('a'), finished('a', '1')];
    const log = [...first, failed('network', 3), replied(2, said('x'))];
    expect(foldTranscript(log).totals).toEqual({
      turns: 2,
      toolCalls: 1,
      input: 20,
      output: 10,
      cacheRead: 200,
      cacheWrite: 2,
      costMicros: 17,
    });
    expect(foldTranscript(log).lastTokens).toBe(116);
  });

  it('failures in a row, of which an interruption is none', () => {
    const log = [started, failed('network', 0), failed('interrupted', 0), failed('network', 0)];
    expect(foldTranscript(log).failures).toBe(2);
    expect(foldTranscript([...log, replied(1, use('a'))]).failures).toBe(0);
  });

  it('a model call in the air', () => {
    const called: RunEvent = {
      kind: 'model.called',
      payload: { turn: 1, model: 'm', maxTokens: 1, reservedMicros: 9 },
    };
    expect(foldTranscript([started, called]).openModelCall).toEqual({ turn: 1, reservedMicros: 9 });
    expect(foldTranscript([started, called, failed('network', 0)]).openModelCall).toBeNull();
    expect(foldTranscript([started, called, replied(1, use('a'))]).openModelCall).toBeNull();
  });

  it('whether the agent knows that its budget runs out', () => {
    const notice = landingNotice({ seconds: 12, costMicros: 340_000, turns: 3, tokens: null });
    expect(notice).toMatch(/about 12 s of run-time, \$0\.34 and 3 turns are left/);
    expect(foldTranscript([started, added(notice)]).landing).toBe(true);
    const person: RunEvent = { kind: 'message.added', payload: { source: 'person', text: notice } };
    expect(foldTranscript([started, person]).landing).toBe(false);
  });

  it.each([
    ['handoff', 'ok', 'handed_off'],
    ['decide', 'ok', 'decided'],
    ['handoff', 'error', null],
    ['view', 'ok', null],
  ] as const)('a %s that is %s concludes: %s', (tool, outcome, concluded) => {
    const log = [started, replied(1, use('a')), finished('a', 'x', outcome, tool)];
    expect(foldTranscript(log).concluded).toBe(concluded);
  });

  it('what it waits for, until a new slice', () => {
    const waits = { for: 'an answer', since: '', wakes: '', ref: null };
    const waiting: RunEvent = { kind: 'run.waiting', payload: { waits, approvalId: 'apr_1' } };
    expect(foldTranscript([started, waiting]).waiting).toEqual({ waits, approvalId: 'apr_1' });
    const resumed: RunEvent = { kind: 'run.resumed', payload: { reason: 'answered' } };
    expect(foldTranscript([started, waiting, resumed]).waiting).toBeNull();
  });
});
