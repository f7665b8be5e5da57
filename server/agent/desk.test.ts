import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { Desk } from './ports.ts';
import { acceptingDesk, harness, type Setup } from './testing/harness.ts';
import { kinds, payloads } from './testing/log.ts';
import { memorySandbox } from './testing/memory-sandbox.ts';
import { checkMessages } from './testing/messages.ts';
import { reply } from './testing/scripted-model.ts';

const files = { 'src/a.js': 'one\ntwo\nthree\n', 'src/b.js': 'b\n', 'test/a.test.js': 't\n' };
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);
const run = (setup: Setup) => harness({ sandbox: memorySandbox({ files }), ...setup });

describe('a question to a person', () => {
  function deskOf(answers: string[]): { desk: Desk; asked: string[] } {
    const asked: string[] = [];
    const waits = { for: 'an answer', since: '2026-11-22T12:00:00Z', wakes: 'a person answers', ref: null };
    const desk: Desk = {
      ...acceptingDesk(),
      async ask({ callId, request }) {
        asked.push(`${callId} ${request.kind === 'question' ? request.question : request.kind}`);
        const text = answers.shift();
        return text === undefined
          ? { kind: 'waiting', approvalId: 'apr_1', waits }
          : { kind: 'answered', text, events: [] };
      },
    };
    return { desk, asked };
  }
  const asks = reply('t1', [
    ['ask_person', { question: 'May I?', options: ['Yes', 'No'] }],
    ['create', { path: 'src/x.js', content: '' }],
  ]);

  it('waits, and the answer is the result of the call', async () => {
    const answers: string[] = [];
    const { desk, asked } = deskOf(answers);
    const made = run({ desk, turns: [asks, handoff] });
    const end = await made.slice();
    expect(end).toMatchObject({ kind: 'waiting', on: { kind: 'approval', id: 'apr_1' }, waits: { for: 'an answer' } });
    const unrecorded = end.kind === 'waiting' ? end.unrecorded : [];
    expect(unrecorded).toMatchObject([{ kind: 'tool.finished', payload: { tool: 'create', outcome: 'error' } }]);
    made.log.push(...unrecorded, {
      kind: 'run.waiting',
      payload: { waits: { for: 'x', since: '', wakes: '', ref: null }, approvalId: 'apr_1' },
    });

    expect(await made.slice()).toMatchObject({ kind: 'waiting' });
    answers.push('Yes');
    expect(await made.slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(asked).toEqual(Array(3).fill('t1-1 May I?'));
    expect(made.sandbox.started).toEqual([]);
    const messages = made.model.requests.at(-1)!.messages;
    checkMessages(messages);
    expect(messages[2]!.content[0]).toMatchObject({ tool_use_id: 't1-1', content: 'Yes', is_error: false });
  });
});

describe('a hand-off', () => {
  it('that is refused goes back to the agent with the reason', async () => {
    let tries = 0;
    const desk: Desk = {
      ...acceptingDesk(),
      async handoff() {
        tries += 1;
        return tries === 1 ? { kind: 'refused', text: 'Nothing was changed.' } : { kind: 'accepted', events: [] };
      },
    };
    const made = run({ desk, turns: [handoff, reply('again', [['handoff', { summary: 'Now.' }]])] });
    expect(await made.slice()).toMatchObject({ outcome: { reason: 'handed_off' }, totals: { turns: 2 } });
    expect(payloads(made.log, 'tool.finished')[0]).toMatchObject({ outcome: 'error', text: 'Nothing was changed.' });
  });

  it('brings its events into the last transaction, and nothing behind it runs', async () => {
    const event: RunEvent = { kind: 'run.handed-off', payload: { handoffId: 'hnd_1', body: {} } };
    const desk: Desk = { ...acceptingDesk(), handoff: async () => ({ kind: 'accepted', events: [event] }) };
    const both = reply('t1', [
      ['handoff', { summary: 'Done.' }],
      ['create', { path: 'src/x.js', content: '' }],
    ]);
    const made = run({ desk, turns: [both] });
    const end = await made.slice();
    expect(end.kind === 'ended' && kinds(end.unrecorded)).toEqual(['tool.finished', 'run.handed-off', 'tool.finished']);
    expect(made.sandbox.started).toEqual([]);
  });

  it('is not asked for again once it is in the log', async () => {
    const made = run({ turns: [handoff] });
    const end = await made.slice();
    made.log.push(...(end.kind === 'ended' ? end.unrecorded : []));
    expect(await made.slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(made.model.requests).toHaveLength(1);
  });
});
