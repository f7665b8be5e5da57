import { describe, expect, it } from 'vitest';
import type { ToolName } from '../../domain/roles/role-body.ts';
import type { Desk, PeopleAnswer } from '../ports.ts';
import { callTool as call } from '../testing/call-tool.ts';
import { acceptingDesk } from '../testing/harness.ts';

describe('plan', () => {
  const items = [
    { text: 'Read', state: 'done' },
    { text: 'Write', state: 'doing' },
    { text: 'Publish\0', state: 'dropped' },
  ];

  it('is written down as it stands now', async () => {
    const { text, events, action } = await call('plan', { items });
    expect(text).toBe('Noted: 1 of 2 done.');
    expect(events).toMatchObject([
      { kind: 'plan.updated', payload: { callId: 'c1', items: [items[0], items[1], { text: 'Publish␀' }] } },
    ]);
    expect(action).toEqual({ kind: 'plan' });
  });

  it('has one step in hand', async () => {
    const two = items.map((item) => ({ ...item, state: 'doing' }));
    expect(await call('plan', { items: two })).toMatchObject({
      outcome: 'error',
      text: expect.stringMatching(/3 steps are marked doing/),
    });
  });

  it.each([[{ items: [] }], [{ items: [{ text: '', state: 'todo' }] }], [{ items: [{ text: 'x', state: 'later' }] }]])(
    '%j is taught',
    async (input) => {
      await expect(call('plan', input)).rejects.toThrow(/plan was not run: items.*follow this schema/);
    },
  );
});

describe('requests to people', () => {
  function asking(answer: PeopleAnswer) {
    const seen: unknown[] = [];
    const desk: Desk = { ...acceptingDesk(), ask: async ({ request }) => (seen.push(request), answer) };
    return { desk, seen };
  }
  const waits = { for: 'x', since: '', wakes: 'y', ref: null };
  const waiting: PeopleAnswer = { kind: 'waiting', approvalId: 'apr_1', waits };

  it.each<[ToolName, unknown, unknown]>([
    ['ask_person', { question: 'Which\0?' }, { kind: 'question', question: 'Which␀?', options: [] }],
    [
      'request_scope',
      { paths: ['docs'], why: 'w' },
      { kind: 'scope', paths: ['docs'], hosts: [], commands: [], why: 'w' },
    ],
    [
      'request_budget',
      { unit: 'seconds', amount: 90.2, why: 'w' },
      { kind: 'budget', addMicros: 0, addSeconds: 91, why: 'w' },
    ],
    [
      'request_budget',
      { unit: 'dollars', amount: 0.011, why: 'w' },
      { kind: 'budget', addMicros: 20_000, addSeconds: 0, why: 'w' },
    ],
    ['report_blocker', { what: 'a', needs: 'b' }, { kind: 'blocker', what: 'a', needs: 'b', tried: [] }],
  ])('%s waits for the answer', async (tool, input, request) => {
    const { desk, seen } = asking(waiting);
    const { ends, outcome, action } = await call(tool, input, { desk });
    expect(seen).toEqual([request]);
    expect({ ends, outcome, action }).toEqual({
      ends: { kind: 'waiting', on: { kind: 'approval', id: 'apr_1' }, waits },
      outcome: 'ok',
      action: { kind: 'ask_person' },
    });
  });

  it('the answer and what it opened are the result', async () => {
    const events = [{ kind: 'run.resumed' as const, payload: { reason: 'x' } }];
    const { desk } = asking({ kind: 'answered', text: 'Opened.', events });
    const input = { hosts: ['example.com'], why: 'w' };
    expect(await call('request_scope', input, { desk })).toMatchObject({ outcome: 'ok', text: 'Opened.', events });
  });

  it.each<[ToolName, unknown, RegExp]>([
    ['request_scope', { why: 'w' }, /Name at least one entry/],
    ['request_budget', { unit: 'seconds', amount: 36_001, why: 'w' }, /at most 36000/],
    ['request_budget', { unit: 'dollars', amount: 1e9, why: 'w' }, /at most 1000/],
  ])('%s with %j asks nobody', async (tool, input, text) => {
    const { desk, seen } = asking(waiting);
    expect(await call(tool, input, { desk })).toMatchObject({ outcome: 'error', text: expect.stringMatching(text) });
    expect(seen).toEqual([]);
  });

  it.each([-1, 0, 'many', Number.NaN])('an amount of %s is taught', async (amount) => {
    const input = { unit: 'seconds', amount, why: 'w' };
    await expect(call('request_budget', input)).rejects.toThrow(/was not run: amount/);
  });
});
