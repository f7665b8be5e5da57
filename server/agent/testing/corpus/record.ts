import { anthropicModel } from '../../../adapters/model/anthropic.ts';
import { scriptedModel as scriptedServer } from '../../../adapters/model/scripted/server.ts';
import type { RunEvent } from '../../../domain/events/run-events.ts';
import type { ModelReply } from '../../../domain/ports/model.ts';
import type { Blobs } from '../../../domain/ports/blobs.ts';
import { harness, memoryBlobs, type Harness } from '../harness.ts';
import { payloads } from '../log.ts';
import { reply, type ScriptedModel } from '../scripted-model.ts';
import { corpusDesk, corpusOutside, corpusSandbox, happenings, playOut } from './play.ts';
import { drawing, type CorpusStory } from './stories.ts';

export type Recording = {
  log: RunEvent[];
  /** The bodies that were sent, in order, byte for byte. */
  sent: string[];
  /** Commands and writes that the sandbox really ran. */
  started: string[];
  /** What it kept, as the next worker would find it. */
  blobs: Blobs;
  reason: string;
};

const faults = [
  () => new Response('{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}', { status: 429 }),
  () => new Response('{"type":"error","error":{"type":"overloaded_error","message":"busy"}}', { status: 529 }),
  () => new Response('no gateway', { status: 502 }),
  () => new Response('event: message_start\ndata: {"type":"mess', { headers: { 'content-type': 'text/event-stream' } }),
];

/** A run of the real loop against the scripted server over HTTP, with the real adapter. */
export async function recordConversation(story: CorpusStory): Promise<Recording> {
  const { seed, theme, turns } = story;
  const roll = drawing(seed + 7);
  const server = await scriptedServer({
    story: { name: `corpus ${seed}`, parts: [{ role: 'developer', round: 'any', turns }] },
  });
  const sent: string[] = [];
  const fetching: typeof fetch = (input, init) => {
    sent.push(String(init?.body));
    if (theme === 'faults' && roll.upTo(2) === 0) return Promise.resolve(roll.one(faults)());
    return fetch(input, init);
  };
  try {
    const real = anthropicModel({ apiKey: 'scripted', baseUrl: server.baseUrl, fetch: fetching });
    const model: ScriptedModel = { ...real, requests: [] };
    const sandbox = corpusSandbox();
    const blobs = memoryBlobs();
    const made = harness({
      ...happenings(theme, seed),
      model,
      sandbox,
      ...corpusOutside(sandbox),
      blobs,
      desk: corpusDesk().desk,
    });
    const { log, end } = await playOut(made);
    return { log, sent, started: sandbox.started, blobs, reason: end.outcome.reason };
  } finally {
    await server.stop();
  }
}

/** A model that answers each turn as it was recorded, and hands over where the recording ends. */
export function recordedModel(recording: Recording, live: () => Harness): ScriptedModel {
  const replies = new Map<number, ModelReply>();
  for (const { turn, model, content, stopReason, usage } of payloads(recording.log, 'model.replied')) {
    replies.set(turn, { model, content, stopReason, usage });
  }
  return {
    requests: [],
    async complete() {
      const { turn, purpose } = payloads(live().log, 'model.called').at(-1)!;
      if (purpose) return reply('summary', [], { content: [{ type: 'text', text: 'Goal: go on.' }] });
      return replies.get(turn) ?? reply(`end-${turn}`, [['handoff', { summary: 'Done after all.' }]]);
    },
  };
}
