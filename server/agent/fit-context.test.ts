import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { ModelRequest } from '../domain/ports/model.ts';
import { foldTranscript, nextMessages } from '../domain/transcript/fold.ts';
import { compactionRequest } from '../domain/transcript/notices.ts';
import { harness, type Harness, type Setup } from './testing/harness.ts';
import { payloads } from './testing/log.ts';
import { memorySandbox, output } from './testing/memory-sandbox.ts';
import { checkMessages } from './testing/messages.ts';
import { failure, reply, type ScriptedModel, type Line } from './testing/scripted-model.ts';

const words = (text: string) => reply('summary', [], { content: [{ type: 'text', text }] });
const summary = words(
  'Goal: double it.\nDecisions: a loop, since it is short.\nDone: none\nOpen failures: none\nScope and limits: src\nNext steps: go on',
);
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);
const windowTokens = 20_000;

const isSummaryAsked = ({ messages }: ModelRequest) => {
  const last = messages.at(-1)?.content.at(-1);
  return last?.type === 'text' && last.text.startsWith(compactionRequest());
};

/** Plays lines in the order of the calls for a turn; summaries come apart. Counts the prompt as four bytes a token. */
function countingModel(lines: Line[], summaries: Line[] = []): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    requests,
    async complete(request) {
      requests.push(structuredClone(request));
      const line = isSummaryAsked(request) ? (summaries.shift() ?? summary) : lines.shift();
      if (line === undefined || line === 'silence') throw new Error('The script has no line left.');
      if (line instanceof Error) throw line;
      const prompt = Math.ceil(JSON.stringify(request).length / 4);
      return { ...structuredClone(line), usage: { input: 0, output: 50, cacheRead: prompt, cacheWrite: 0 } };
    },
  };
}

const big = 'x'.repeat(12_000);
const commands = {
  big: () => output(big),
  fails: () => output('AssertionError: 3 is not 4\n', 1),
  ...Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`big ${index}`, () => output(`${index} ${big}`)])),
};
const run = (setup: Setup): Harness =>
  harness({ sandbox: memorySandbox({ files: { 'src/a.js': 'a\n' }, commands }), ...setup });

async function toTheEnd(made: Harness) {
  let end = await made.slice();
  while (end.kind === 'continue') end = await made.slice();
  if (end.kind !== 'ended') throw new Error('The run waits.');
  return end;
}

/** What would be sent at each call, from the log alone. */
function replayed(log: RunEvent[]): string[] {
  return log.flatMap((event, index) => {
    if (event.kind !== 'model.called') return [];
    const transcript = foldTranscript(log.slice(0, index));
    const messages = nextMessages(transcript);
    if (event.payload.purpose === 'compaction') {
      const last = messages.at(-1)!;
      const missing = transcript.rejectedSummary?.missing;
      (last.content as object[]).push({ type: 'text', text: compactionRequest(missing) });
    }
    return [JSON.stringify(messages)];
  });
}

const say = (id: string) =>
  reply(id, [['ask', {}]], {
    content: [
      { type: 'text', text: `${id} ${'y'.repeat(12_000)}` },
      { type: 'tool_use', id, name: 'view', input: { path: `src/${id}.js` } },
    ],
  });

describe('a conversation that outgrows its window', () => {
  it('loses its old results first, in one go, and keeps those it works on', async () => {
    const calls = Array.from({ length: 16 }, (_, index) =>
      reply(`t${index}`, [['shell', { command: `big ${index}` }]]),
    );
    const model = countingModel([...calls, handoff]);
    const made = run({ model, limits: { windowTokens: 50_000 } });
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'handed_off' } });
    const [cleared, ...more] = payloads(made.log, 'context.cleared');
    expect(more).toEqual([]);
    expect(cleared?.calls.length).toBeGreaterThan(4);
    expect(cleared?.calls[0]?.text).toContain('Call shell again');
    expect(cleared?.before.results).toBeGreaterThan(30_000);
    const after = model.requests.at(-1)!;
    const results = after.messages.flatMap(({ content }) => content.filter((block) => block.type === 'tool_result'));
    expect(results.slice(-6).every(({ content }) => content.length > 10_000)).toBe(true);
    expect(payloads(made.log, 'context.compacted')).toEqual([]);
    expect(replayed(made.log)).toEqual(model.requests.map(({ messages }) => JSON.stringify(messages)));
  });

  it('is summed up behind the same prefix; task, what people said and open failures survive whatever the summary says', async () => {
    const lines = [
      reply('t1', [['create', { path: 'src/b.js', content: 'b\n' }]]),
      reply('t2', [['shell', { command: 'fails' }]]),
      ...['t3', 't4', 't5', 't6', 't7', 't8'].map(say),
    ];
    const model = countingModel([...lines, handoff]);
    const made = run({ model, limits: { windowTokens }, inbox: [{ source: 'person', text: 'Leave the docs alone.' }] });
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'handed_off' } });
    const [compacted] = payloads(made.log, 'context.compacted');
    expect(compacted).toMatchObject({ by: 'model', model: 'scripted' });
    const at = model.requests.findIndex(isSummaryAsked);
    const [before, asked, after] = model.requests.slice(at - 1, at + 2);
    expect(asked?.system).toBe(before?.system);
    expect(asked?.tools).toEqual(before?.tools);
    expect(asked?.messages.slice(0, before!.messages.length)).toEqual(before?.messages);
    const text = JSON.stringify(after?.messages[0]);
    for (const kept of [
      'Do it.',
      'double it',
      'since it is short',
      'Leave the docs alone.',
      'src/b.js',
      '3 is not 4',
    ]) {
      expect(text).toContain(kept);
    }
    expect(JSON.stringify(after).length).toBeLessThan(JSON.stringify(asked).length / 2);
    for (const request of model.requests) checkMessages(request.messages);
    expect(replayed(made.log)).toEqual(model.requests.map(({ messages }) => JSON.stringify(messages)));
  });

  it('counts what the summary cost, and no turn for it', async () => {
    const model = countingModel([...['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8'].map(say), handoff]);
    const made = run({ model, limits: { windowTokens } });
    const { totals } = await toTheEnd(made);
    const spent = [...payloads(made.log, 'model.replied'), ...payloads(made.log, 'context.compacted')];
    expect(payloads(made.log, 'context.compacted').length).toBeGreaterThan(0);
    expect(totals.turns).toBe(9);
    expect(totals.costMicros).toBe(spent.reduce((sum, { costMicros }) => sum + costMicros, 0));
    expect(totals.cacheRead).toBe(spent.reduce((sum, { usage }) => sum + usage.cacheRead, 0));
  });

  it.each([
    [
      'calls a tool instead',
      reply('s', [['shell', { command: 'big' }]], {
        content: [{ type: 'tool_use', id: 's', name: 'shell', input: { command: 'big' } }],
      }),
    ],
    ['does not fit either', failure('too_long')],
  ])('is summed up from the log when the summary %s', async (_name, line) => {
    const model = countingModel([...['t1', 't2', 't3', 't4', 't5', 't6'].map(say), handoff], [line, line, summary]);
    const made = run({ model, limits: { windowTokens } });
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(payloads(made.log, 'context.compacted')[0]).toMatchObject({ by: 'platform' });
    expect(made.sandbox.started).toEqual([]);
  });
});

describe('a summary that lacks parts', () => {
  const noted = (id: string, what: string) =>
    reply(id, [
      ['plan', { items: [{ text: 'Write it', state: 'doing' }], decisions: [{ what, why: 'it is short' }] }],
      ['view', { path: 'src/a.js' }],
    ]);
  const big = ['t3', 't4', 't5', 't6', 't7', 't8'].map(say);

  it('is asked for once more, named, and counts for what it says', async () => {
    const answers = [words('Goal: double it.\nDecisions: a map.'), words('Done: src/b.js\nNext steps: the tests')];
    const model = countingModel([noted('t1', 'A loop'), ...big, handoff], answers);
    const made = run({ model, limits: { windowTokens } });
    const { totals } = await toTheEnd(made);
    const missing = ['Done', 'Open failures', 'Scope and limits', 'Next steps'];
    expect(payloads(made.log, 'summary.rejected')).toMatchObject([{ missing }]);
    const [{ text, by, decisions } = { text: '' }] = payloads(made.log, 'context.compacted');
    expect({ by, decisions }).toEqual({ by: 'model', decisions: 'a map.' });
    for (const kept of ['double it.', 'a map.', 'src/b.js', 'the tests', 'A loop, because it is short']) {
      expect(text).toContain(kept);
    }
    expect(text).toContain('Open failures:\nYou wrote nothing here');
    const asked = model.requests.filter(isSummaryAsked);
    expect(JSON.stringify(asked[1]!.messages.at(-1))).toContain(`nothing under: ${missing.join(', ')}`);
    expect(asked[1]!.messages.slice(0, -1)).toEqual(asked[0]!.messages.slice(0, -1));
    expect(replayed(made.log)).toEqual(model.requests.map(({ messages }) => JSON.stringify(messages)));
    const kinds = ['model.replied', 'context.compacted', 'summary.rejected'] as const;
    const spent = kinds.flatMap((kind) => payloads(made.log, kind).map(({ costMicros }) => costMicros));
    expect(totals.costMicros).toBe(spent.reduce((sum, each) => sum + each, 0));
  });

  it('and again says nothing: the platform writes it, and decisions of before survive', async () => {
    const lines = [noted('t1', 'A loop'), ...big, noted('t9', 'No cache'), ...big.map((line) => line), ...big, handoff];
    const model = countingModel(lines, [summary, words('ok'), words('fine'), words('ok'), words('fine')]);
    const made = run({ model, limits: { windowTokens }, inbox: [{ source: 'person', text: 'Leave the docs alone.' }] });
    await toTheEnd(made);
    const [first, second] = payloads(made.log, 'context.compacted');
    expect(first).toMatchObject({ by: 'model', decisions: 'a loop, since it is short.' });
    expect(second).toMatchObject({ by: 'platform' });
    for (const kept of ['A loop, because', 'a loop, since it is short', 'Leave the docs alone', 'doing: Write it']) {
      expect(second?.text).toContain(kept);
    }
    expect(second?.text).not.toContain('fine');
  });

  it('in a crash: the next slice asks for the rest, once', async () => {
    let crashed = false;
    const model = countingModel([...big, say('t9'), handoff], [words('Goal: it'), words('Done: all')]);
    const made = run({
      model,
      limits: { windowTokens },
      afterWrite: (_commit, events) => {
        if (crashed || !events.some(({ kind }) => kind === 'summary.rejected')) return;
        crashed = true;
        throw new Error('crash');
      },
    });
    await expect(made.slice()).rejects.toThrow('crash');
    await toTheEnd(made);
    expect(payloads(made.log, 'summary.rejected')).toHaveLength(1);
    expect(payloads(made.log, 'context.compacted')[0]?.text).toContain('Goal:\nit');
  });
});

describe('a prompt that the provider finds too long', () => {
  it('leads to a summary and goes on', async () => {
    const model = countingModel([say('t1'), say('t2'), failure('too_long'), handoff]);
    const made = run({ model });
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(payloads(made.log, 'model.failed')).toMatchObject([{ fault: 'too_long', retryInMs: 0 }]);
    expect(payloads(made.log, 'context.compacted')).toMatchObject([{ by: 'model', turn: 2 }]);
  });

  it('in the middle of a reply leads there too', async () => {
    const cut = reply('t2', [['view', { path: 'src/a.js' }]], { stopReason: 'context_overflow' });
    const made = run({ model: countingModel([say('t1'), cut, handoff]) });
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(payloads(made.log, 'context.compacted')).toHaveLength(1);
  });

  it('because of the last results: the biggest of them make room', async () => {
    const calls = Array.from({ length: 10 }, (_, index): [string, unknown] => ['shell', { command: `big ${index}` }]);
    const model = countingModel([reply('t1', calls), failure('too_long'), handoff]);
    const made = run({ model });
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(payloads(made.log, 'context.cleared')[0]?.calls).toHaveLength(6);
  });

  it.each([
    ['at once', [failure('too_long')]],
    ['even as a summary', [say('t1'), failure('too_long'), failure('too_long')]],
  ])('%s ends the run with the reason', async (_name, lines) => {
    const made = run({ model: countingModel(lines) });
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'context_full' } });
  });

  it('in a crash: the next slice makes the room', async () => {
    let crashed = false;
    const model = countingModel([say('t1'), failure('too_long'), handoff], [summary, summary]);
    const made = run({
      model,
      afterWrite: (_commit, events) => {
        const asks = events.some((event) => event.kind === 'model.called' && event.payload.purpose === 'compaction');
        if (crashed || !asks) return;
        crashed = true;
        throw new Error('crash');
      },
    });
    await expect(made.slice()).rejects.toThrow('crash');
    expect(await toTheEnd(made)).toMatchObject({ outcome: { reason: 'handed_off' } });
    expect(payloads(made.log, 'context.compacted')).toMatchObject([{ by: 'model' }]);
  });
});

describe('a result that is too long', () => {
  it('can be read on in by the run that made it, and by no other', async () => {
    const long = Array.from({ length: 5000 }, (_, index) => `line ${index + 1}`).join('\n');
    const sandbox = memorySandbox({ commands: { long: () => output(long) } });
    const first = harness({ turns: [reply('t1', [['shell', { command: 'long' }]]), handoff], sandbox });
    await toTheEnd(first);
    const [cut] = payloads(first.log, 'tool.finished');
    expect(cut?.blobId).not.toBeNull();
    expect(cut?.text).toContain(`read_output with the id ${cut?.blobId}`);
    const again = (id: string) => [
      reply('t1', [['shell', { command: 'long' }]]),
      reply('t2', [
        ['read_output', { id, start_line: 2500, end_line: 2501 }],
        ['read_output', { id, contains: 'line 4321' }],
        ['read_output', { id, start_line: 9000 }],
        ['read_output', { id: 'blob_other' }],
      ]),
      handoff,
    ];
    const second = harness({ turns: again(cut!.blobId!), sandbox });
    await toTheEnd(second);
    const results = payloads(second.log, 'tool.finished').toSorted((a, b) => (a.callId < b.callId ? -1 : 1));
    const texts = results.map(({ text }) => text);
    expect(texts[1]).toContain('line 2500\n');
    expect(texts[2]).toContain('4321: line 4321');
    expect(texts[3]).toContain('has 5000 lines');
    expect(texts[4]).toMatch(/No result of this run was kept under the id blob_other/);
  });
});
