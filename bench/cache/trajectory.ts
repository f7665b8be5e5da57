import { anthropicModel } from '../../server/adapters/model/anthropic.ts';
import { acceptingDesk, harness, type Harness, type Setup } from '../../server/agent/testing/harness.ts';
import { memorySandbox, output } from '../../server/agent/testing/memory-sandbox.ts';
import { testClock, type TestClock } from '../../server/agent/testing/test-clock.ts';
import { systemPrompt } from '../../server/agent/prompts/system-prompt.ts';
import { toolDefinitions } from '../../server/agent/tools/toolbox.ts';
import { summaryHeadings } from '../../server/domain/context/summary.ts';
import { dice } from '../../server/domain/dice.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { ContentBlock } from '../../server/domain/ports/model.ts';
import { starterRoles } from '../../server/domain/roles/starter-roles.ts';
import { compactionRequest } from '../../server/domain/transcript/notices.ts';
import type { cacheServer, Seen, Talk } from './cache-server.ts';
import { judge, type Judged } from './judge.ts';

/** How the platform asks for a summary, whatever it then asks for in it. */
const compactionOpening = compactionRequest().slice(0, 30);

/** What befalls a conversation. */
export const stories = ['plain', 'crash', 'approval', 'steering', 'policy', 'room'] as const;
export type Story = (typeof stories)[number];

type Telling = { story: Story; seed: number; turns: number };
type Server = Awaited<ReturnType<typeof cacheServer>>;
/** Spoils the prompt, for a control that must be found out. */
type Over = { spoil?: (text: string, call: number) => string };

const words = (roll: () => number, least: number, most: number) =>
  Array.from({ length: Math.floor((least + roll() * (most - least)) / 8) }, () => roll().toString(36).slice(2, 9)).join(
    ' ',
  );

/** Drives one run of the real loop through the real adapter, and judges what the provider saw. */
export async function trajectory(server: Server, telling: Telling, over: Over = {}): Promise<Judged> {
  const { story, seed } = telling;
  const roll = dice(seed);
  const clock = testClock({ skips: 120_000 });
  const seen: Seen[] = [];
  const key = `${story}-${seed}`;
  server.talk(key, { now: () => clock.now().getTime(), answer: answers(telling, roll), seen });
  const log = [started()];
  const part = { server, telling, over, roll, clock, key, log };
  try {
    await tell(part);
    return judge(seen, log);
  } finally {
    server.hangUp(key);
  }
}

type Part = Telled & { server: Server; over: Over };
type Telled = { telling: Telling; roll: () => number; clock: TestClock; key: string; log: RunEvent[] };

function started(): RunEvent {
  const { name, agent, body } = starterRoles[0]!;
  return {
    kind: 'run.started',
    payload: {
      ...{ agent: agent.name, role: name, model: 'claude-sonnet-5-5', scripted: false },
      ...{ base: 'b'.repeat(40), head: 'b'.repeat(40), tools: body.tools, definitions: toolDefinitions(body.tools) },
      system: systemPrompt({ agent: agent.name, body }),
      firstMessage: `Role: ${name}\n\n${'Do what the task says, and prove it. '.repeat(60)}`,
      ...{ secondsLimit: 10_000_000, costLimitMicros: 1_000_000_000_000 },
    },
  };
}

/** Slices as workers drive them, until the run has ended. */
async function tell(part: Part): Promise<void> {
  const { telling, log, clock, roll } = part;
  let run = open(part, []);
  for (;;) {
    const end = await run.slice().catch((error: unknown) => crashed(error));
    if (end === 'crashed') {
      run = open(part, []);
      continue;
    }
    if (end.kind === 'ended') return;
    if (end.kind === 'waiting') {
      const { unrecorded, waits, on } = end;
      log.push(...unrecorded, { kind: 'run.waiting', payload: { waits, approvalId: on.id } });
      // People take from half a minute to an hour.
      clock.advance(30_000 + roll() ** 3 * 3_600_000);
    }
    const said =
      telling.story === 'steering' && roll() < 0.5 ? [{ source: 'person' as const, text: words(roll, 40, 200) }] : [];
    run = open(part, said);
  }
}

class Crash extends Error {}
function crashed(error: unknown): 'crashed' {
  if (error instanceof Crash) return 'crashed';
  throw error;
}

/** A new worker over the log; with another policy and other tools where the story is of that. */
function open({ server, telling, over, roll, clock, key, log }: Part, inbox: Setup['inbox'] & object): Harness {
  const { story } = telling;
  const model = anthropicModel({ apiKey: key, baseUrl: server.baseUrl });
  let call = 0;
  const spoilt = over.spoil;
  const newPolicy = story === 'policy' && roll() < 0.5;
  return harness({
    log,
    clock,
    inbox,
    desk: patientDesk(log),
    sandbox: busySandbox(roll, clock),
    model: {
      requests: [],
      complete: (request, options) =>
        model.complete(spoilt ? { ...request, system: spoilt(request.system, (call += 1)) } : request, options),
    },
    ...(newPolicy ? { taskScope: ['docs/**'], names: ['view', 'shell', 'handoff'] } : {}),
    beforeWrite: (_, events) => {
      if (story === 'crash' && roll() < 0.1 && events.some(({ kind }) => kind === 'model.replied')) throw new Crash();
    },
    limits: {
      ...{ seconds: 10_000_000, costMicros: 1_000_000_000_000, turns: 2_000, sliceMs: 30_000, maxTokens: 8_000 },
      windowTokens: story === 'room' ? 30_000 : 1_000_000,
    },
  });
}

/** Answers a question once the run has waited for it. */
function patientDesk(log: readonly RunEvent[]): Setup['desk'] & object {
  return {
    ...acceptingDesk(),
    async ask({ callId }) {
      const asked = log.filter(({ kind }) => kind === 'run.waiting').length;
      const before =
        log.findLast(({ kind }) => kind === 'run.waiting' || kind === 'model.called')?.kind === 'run.waiting';
      if (before) return { kind: 'answered', text: 'Yes, go on.', events: [] };
      const waits = { for: 'an answer', since: '2026-11-22T12:00:00Z', wakes: 'a person answers', ref: null };
      return { kind: 'waiting', approvalId: `apr_${asked}_${callId}`, waits };
    },
  };
}

function busySandbox(roll: () => number, clock: TestClock) {
  const files = { 'src/a.js': words(roll, 2_000, 8_000) };
  return {
    ...memorySandbox({ files }),
    async exec() {
      clock.advance(1_000 + roll() * 20_000);
      const rest = { ended: 'exited' as const, tail: new Uint8Array(), droppedBytes: 0, durationMs: 5 };
      return { exitCode: 0, ...rest, ...(output(words(roll, 200, 6_000)) as { head: Uint8Array }) };
    },
  };
}

const summary = (roll: () => number) =>
  summaryHeadings.map((heading) => `## ${heading}\n${words(roll, 150, 350)}`).join('\n');

/** The model's part: so many turns of reads, commands and writes, then the hand-off. */
function answers({ turns, story }: Telling, roll: () => number): Talk['answer'] {
  let turn = 0;
  return ({ messages }) => {
    const last = messages.at(-1)?.content;
    const asked = Array.isArray(last) ? (last.at(-1) as { text?: string } | undefined)?.text : last;
    if (asked?.startsWith(compactionOpening))
      return { content: [{ type: 'text', text: summary(roll) }], stopReason: 'end_turn' };
    turn += 1;
    const use = (name: string, input: unknown, n = 1): ContentBlock => ({
      type: 'tool_use',
      id: `c${turn}-${n}`,
      name,
      input,
    });
    const said: ContentBlock[] = [{ type: 'text', text: words(roll, 40, 300) }];
    if (roll() < 0.3) said.unshift({ type: 'thinking', thinking: words(roll, 100, 600), signature: `s${turn}` });
    if (turn > turns) return { content: [...said, use('handoff', { summary: 'Done.' })], stopReason: 'tool_use' };
    if (story === 'approval' && turn % 15 === 7) {
      return {
        content: [...said, use('ask_person', { question: `May I, ${turn}?`, options: ['Yes', 'No'] })],
        stopReason: 'tool_use',
      };
    }
    const calls = Array.from({ length: 1 + Math.floor(roll() * 3) }, (_, n) =>
      turn % 6 === 0 && n === 0
        ? use('create', { path: `src/f${turn}.js`, content: words(roll, 200, 2_000) }, n)
        : use('shell', { command: `work ${turn} ${n}` }, n),
    );
    return { content: [...said, ...calls], stopReason: 'tool_use' };
  };
}
