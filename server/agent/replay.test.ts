import { afterAll, describe, expect, it } from 'vitest';
import { plainAbilities } from '../adapters/model/abilities.ts';
import { requestOf } from '../adapters/model/anthropic-request.ts';
import { runEvents, type RunEvent } from '../domain/events/run-events.ts';
import { toolNames } from '../domain/roles/role-body.ts';
import { toolClassOf } from '../domain/tools/tool-classes.ts';
import { foldTranscript, nextMessages } from '../domain/transcript/fold.ts';
import { compactionRequest } from '../domain/transcript/notices.ts';
import { corpusDesk, corpusOutside, corpusSandbox, playOut, resumed } from './testing/corpus/play.ts';
import { corpusMcp, corpusReads, corpusWrites } from './testing/corpus/servers.ts';
import { recordConversation, recordedModel, type Recording } from './testing/corpus/record.ts';
import { storyOf, type CorpusStory } from './testing/corpus/stories.ts';
import type { Harness } from './testing/harness.ts';
import { payloads } from './testing/log.ts';
import { checkMessages } from './testing/messages.ts';
import { toolDefinitions } from './tools/toolbox.ts';

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
const counts = { conversations: 0, turns: 0, calls: 0, failed: 0, requests: 0, resumes: 0, lostWrites: 0 };
const toolsSeen = new Set<string>();
/** Tools of which at least one call went well. */
const toolsDone = new Set<string>();
const kindsSeen = new Set<string>();
const reasons = new Map<string, number>();

/** The bodies that this log alone asks for, byte for byte. */
function bodiesOf(log: RunEvent[]): string[] {
  return log.flatMap(({ kind, payload }, index) => {
    if (kind !== 'model.called') return [];
    const transcript = foldTranscript(log.slice(0, index));
    const messages = nextMessages(transcript);
    const last = messages.at(-1)!;
    if (payload.purpose && last.role === 'user') {
      last.content.push({ type: 'text', text: compactionRequest(transcript.rejectedSummary?.missing) });
    }
    const { system, definitions } = transcript;
    const request = { model: payload.model, system, messages, maxTokens: payload.maxTokens };
    const tools = definitions ?? [...toolDefinitions(toolNames), ...corpusMcp.map(({ definition }) => definition)];
    return [JSON.stringify({ ...requestOf({ ...request, tools }, plainAbilities), stream: true })];
  });
}

/** What calls of these intents do to the sandbox, by name, with how often each may be seen. */
function effectsOf(intents: RunEvent[]): Map<string, number> {
  const effects = new Map<string, number>();
  for (const { tool, input } of payloads(intents, 'tool.intended')) {
    if (toolClassOf(tool)?.effect !== 'write') continue;
    const { command, path, url, element, issue } = input as {
      [name in 'command' | 'path' | 'url' | 'element' | 'issue']?: string;
    };
    const other = `${tool.replace('browser_', '')} ${url ?? element ?? issue}`;
    const effect = command ?? (path === undefined ? other : `write ${path}`);
    effects.set(effect, (effects.get(effect) ?? 0) + 1);
  }
  return effects;
}

function checkEffects(started: string[], intents: RunEvent[], where: string): void {
  const allowed = effectsOf(intents);
  const seen = new Map<string, number>();
  for (const effect of started) seen.set(effect, (seen.get(effect) ?? 0) + 1);
  for (const [effect, times] of seen)
    expect(times, `${effect}, ${where}`).toBeLessThanOrEqual(allowed.get(effect) ?? 0);
}

/** Every call is answered once, every event can be read, and what would be sent next is a conversation. */
function checkLog(log: RunEvent[]): void {
  for (const { kind, payload } of log) runEvents[kind].parse(payload);
  const asked = payloads(log, 'tool.intended').map(({ callId }) => callId);
  const answered = payloads(log, 'tool.finished').map(({ callId }) => callId);
  expect(answered.toSorted()).toEqual(asked.toSorted());
  expect(new Set(asked).size).toBe(asked.length);
  checkMessages(nextMessages(foldTranscript(log)));
}

async function resumeAt(recording: Recording, kept: number): Promise<void> {
  const log = recording.log.slice(0, kept);
  const sandbox = corpusSandbox();
  const { desk, taken } = corpusDesk();
  const { blobs } = recording;
  const outside = { ...corpusOutside(sandbox), blobs, desk };
  const made: Harness = resumed(log, { model: recordedModel(recording, () => made), sandbox, ...outside });
  const before = made.log.length;
  await playOut(made);
  checkLog(made.log);
  checkEffects(sandbox.started, made.log.slice(before), `resumed after event ${kept}`);
  expect(new Set(taken).size).toBe(taken.length);
  const finished = new Set(payloads(log, 'tool.finished').map(({ callId }) => callId));
  for (const callId of taken) expect(finished.has(callId)).toBe(false);
  counts.resumes += 1;
  counts.lostWrites += payloads(made.log.slice(before), 'tool.finished').filter(
    ({ tool, outcome }) => tool === corpusWrites && outcome === 'lost',
  ).length;
}

function count({ theme }: CorpusStory, { log, reason }: Recording): void {
  counts.conversations += 1;
  counts.turns += payloads(log, 'model.replied').length;
  counts.calls += payloads(log, 'tool.finished').length;
  counts.failed += payloads(log, 'tool.finished').filter(({ outcome }) => outcome !== 'ok').length;
  counts.requests += payloads(log, 'model.called').length;
  for (const { tool } of payloads(log, 'tool.intended')) toolsSeen.add(tool);
  for (const { tool, outcome } of payloads(log, 'tool.finished')) if (outcome === 'ok') toolsDone.add(tool);
  for (const { kind } of log) kindsSeen.add(kind);
  reasons.set(`${theme}: ${reason}`, (reasons.get(`${theme}: ${reason}`) ?? 0) + 1);
}

describe('50 recorded conversations', () => {
  it.each(seeds)(
    'seed %i: is replayed to the byte, and goes on from every event with nothing run twice',
    async (seed) => {
      const story = storyOf(seed);
      const recording = await recordConversation(story);
      count(story, recording);
      const { log } = recording;
      checkLog(log);
      checkEffects(recording.started, log, 'as recorded');
      expect(bodiesOf(log)).toEqual(recording.sent);
      for (let kept = 1; kept < log.length; kept += 1) await resumeAt(recording, kept);
    },
    60_000,
  );

  it('would show a call that was run twice, and one that nobody intended', async () => {
    const { log, started } = await recordConversation(storyOf(3));
    expect(started.length).toBeGreaterThan(0);
    checkEffects(started, log, 'once');
    expect(() => checkEffects([...started, started[0]!], log, 'twice')).toThrow();
    expect(() => checkEffects(started, [], 'unasked')).toThrow();
  });

  it('hold every tool, failures of tools and model, waits, pauses, crashes, compactions and ends of all kinds', () => {
    expect(counts.conversations).toBe(50);
    expect([...toolsSeen]).toEqual(expect.arrayContaining([...toolNames]));
    expect([...kindsSeen]).toEqual(
      expect.arrayContaining([
        'model.failed',
        'run.waiting',
        'job.ended',
        'plan.updated',
        'scope.granted',
        'rules.read',
      ]),
    );
    expect([...kindsSeen]).toEqual(expect.arrayContaining(['context.compacted', 'budget.raised', 'message.added']));
    expect([...toolsDone]).toEqual(expect.arrayContaining([...toolNames]));
    expect(counts.failed).toBeGreaterThan(100);
    expect([...toolsDone]).toEqual(expect.arrayContaining([corpusReads, corpusWrites]));
    // Calls of a server that a crash left behind: each resumed from, and not one made again.
    expect(counts.lostWrites).toBeGreaterThan(10);
  });

  afterAll(() => {
    console.info(JSON.stringify({ ...counts, reasons: Object.fromEntries(reasons) }));
  });
});
