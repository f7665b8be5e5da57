import { createHash } from 'node:crypto';
import type { RunEvent } from '../../domain/events/run-events.ts';
import { AppError } from '../../domain/errors.ts';
import { runEvents } from '../../domain/events/run-events.ts';
import { unlimited, type LedgerLeft } from '../../domain/budget/ledger.ts';
import { decide } from '../../domain/policy/decide.ts';
import { noFacts } from '../../domain/policy/deeds-of.ts';
import type { Grant } from '../../domain/policy/grant.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import type { RulesBasis } from '../../domain/policy/rules-basis.ts';
import { balanced, runPolicy } from '../../domain/policy/run-policy.ts';
import type { Browser } from '../../domain/ports/browser.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { McpServers } from '../../domain/ports/mcp.ts';
import type { Web } from '../../domain/ports/web.ts';
import type { RunMcpTool } from '../../domain/mcp/run-tools.ts';
import { runRedactor } from '../../domain/redaction/redact-event.ts';
import type { OwnValue } from '../../domain/redaction/redactor.ts';
import { foldTranscript } from '../../domain/transcript/fold.ts';
import type { PriceRow } from '../../domain/prices/price.ts';
import { toolNames, type ToolName } from '../../domain/roles/role-body.ts';
import { JobBoard } from '../job-board.ts';
import { advanceRun } from '../loop.ts';
import type { AgentPorts, Backend, Decided, Desk, InboxMessage } from '../ports.ts';
import type { RunLimits, SliceEnd, StopCause } from '../ports.ts';
import { bindTools } from '../tools/toolbox.ts';
import { memorySandbox, type MemorySandbox } from './memory-sandbox.ts';
import { scriptedModel, type Line, type ScriptedModel } from './scripted-model.ts';
import { testClock, type TestClock } from './test-clock.ts';

export const testPrices: PriceRow[] = [
  {
    model: 'scripted',
    validFrom: new Date(0),
    promptUpTo: 2_147_483_647,
    inputMicros: 2_000_000,
    outputMicros: 10_000_000,
    cacheReadMicros: 100_000,
    cacheWriteMicros: 2_500_000,
  },
];

export function memoryBlobs(): Blobs & { kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    async put(bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      kept.set(sha256, bytes);
      return { id: sha256, sha256, size: bytes.length };
    },
    async get(id) {
      const bytes = kept.get(id);
      if (!bytes) throw new Error(`There is no blob ${id}.`);
      return bytes;
    },
  };
}

/** A host without Chromium. */
export const noBrowser: Browser = {
  ask: async () => ({ kind: 'refused', reason: 'There is no Chromium where this sandbox runs.' }),
};

/** No MCP server is there. */
export const noServers: McpServers = {
  list: async () => ({ problem: 'There is none.' }),
  call: async () => ({ kind: 'refused', reason: 'There is none.' }),
  close: async () => undefined,
};

/** A network of which nothing is open. */
export const noWeb: Web = {
  policy: { registries: [], rules: [] },
  send: async ({ url }) => ({
    kind: 'refused',
    refusal: 'no_rule',
    text: `Fleet refused this request: no rule opens ${new URL(url).host}.`,
  }),
  readPage: async () => {
    throw new Error('There are no pages here.');
  },
};

/** A desk that accepts everything and notes which call ids it saw. */
export function acceptingDesk(seen: string[] = []): Desk {
  const accept = async ({ callId }: { callId: string }) => {
    seen.push(callId);
    return { kind: 'accepted' as const, events: [] };
  };
  return {
    handoff: accept,
    decide: accept,
    claim: async ({ paths }) => ({ kind: 'held', text: `Reserved: ${paths.join(', ')}.` }),
    async ask() {
      throw new Error('This desk takes no questions.');
    },
    async delegate({ body }) {
      return { kind: 'answered', isError: false, text: `Asked: ${body.question}` };
    },
  };
}

export const runStarted: RunEvent = {
  kind: 'run.started',
  payload: {
    agent: 'Developer',
    role: 'developer',
    model: 'scripted',
    scripted: true,
    base: 'b'.repeat(40),
    head: 'b'.repeat(40),
    system: 'You are Developer.',
    firstMessage: 'Role: developer\nRound: 1\n\nDo it.',
    tools: [...toolNames],
    secondsLimit: 1800,
    costLimitMicros: 5_000_000,
  },
};

export type Harness = {
  log: RunEvent[];
  sandbox: MemorySandbox;
  model: ScriptedModel;
  clock: TestClock;
  stop(cause: StopCause): void;
  /** One slice, as the next worker would run it. */
  slice(): Promise<SliceEnd>;
  /** How many times `record` was called. */
  commits(): number;
};

export type Setup = {
  turns?: (Line | Line[])[];
  model?: ScriptedModel;
  fallback?: Backend;
  sandbox?: MemorySandbox;
  desk?: Desk;
  browser?: Browser;
  web?: Web;
  servers?: McpServers;
  mcp?: readonly RunMcpTool[];
  /** What earlier runs of the log have kept. */
  blobs?: Blobs;
  log?: RunEvent[];
  /** What decides, read anew for each decision; the balanced preset unless said. */
  policy?: () => Policy;
  /** What that goes by, where commits are held to it and to the inbox; else both are read anew before each. */
  basis?: () => RulesBasis | null;
  /** Called for each reading anew; what it answers is told to the log. */
  renewed?: () => RunEvent[];
  /** What people have opened for the run. */
  grants?: readonly Grant[];
  /** Where the task may write, and the tools that this version of the product has. */
  taskScope?: string[];
  names?: readonly ToolName[];
  limits?: Partial<RunLimits>;
  clock?: TestClock;
  inbox?: InboxMessage[];
  pausing?: () => boolean;
  /** Files with house rules for a folder, by path. */
  houseRules?: Record<string, string>;
  /** What the budgets above the run leave; unlimited unless said. */
  left?: () => Partial<LedgerLeft>;
  /** Keeps the work tree of a turn; keeps none unless said. */
  snapshot?: AgentPorts['snapshot'];
  /** Values of the org that must reach neither model nor log. */
  ownValues?: OwnValue[];
  /** Called before each write with its number, from 1; what it throws is the write's failure. */
  beforeWrite?: (commit: number, events: RunEvent[], decided: Decided | undefined) => void;
  afterWrite?: (commit: number, events: RunEvent[]) => void;
};

/** A run over a log in memory, with the real tools and the real policy. */
export function harness(setup: Setup): Harness {
  const log = setup.log ?? [runStarted];
  const sandbox = setup.sandbox ?? memorySandbox();
  const model = setup.model ?? scriptedModel(setup.turns ?? []);
  const clock = setup.clock ?? testClock({ skips: 120_000 });
  const limits: RunLimits = {
    seconds: 1800,
    costMicros: 5_000_000,
    turns: 80,
    sliceMs: 30_000,
    maxTokens: 8000,
    windowTokens: 200_000,
    idleShare: 0.4,
    ...setup.limits,
  };
  const scope = { role: { include: ['**'], exclude: ['@ci'] }, taskScope: setup.taskScope ?? ['src/**', 'test/**'] };
  const policy = runPolicy({ layers: [balanced], scope });
  const network = { registries: [], rules: [{ host: 'docs.test', ports: [443] }] };
  const facts = { ...noFacts, network };
  const jobs = new JobBoard({ sandbox, clock, before: foldTranscript(log).jobsStarted });
  const blobs = setup.blobs ?? memoryBlobs();
  const redactor = runRedactor(setup.ownValues ?? []);
  let generation = 0;
  let commits = 0;
  let stopping = new AbortController();

  const record = async (events: RunEvent[], decided?: Decided) => {
    commits += 1;
    const commit = commits;
    setup.beforeWrite?.(commit, events, decided);
    if (setup.basis && decided?.heard && setup.inbox?.length)
      throw new AppError('conflict', 'Unheard.', { moved: true });
    await Promise.resolve();
    for (const { kind, payload } of events) runEvents[kind].parse(payload);
    log.push(...structuredClone(events));
    setup.afterWrite?.(commit, events);
  };
  const ports = (): AgentPorts => ({
    model,
    provider: 'anthropic',
    fallback: setup.fallback ?? null,
    tools: bindTools({
      sandbox,
      jobs,
      browser: setup.browser ?? noBrowser,
      web: setup.web ?? noWeb,
      servers: setup.servers ?? noServers,
      mcp: setup.mcp ?? [],
      blobs,
      desk: setup.desk ?? acceptingDesk(),
      names: setup.names ?? toolNames,
    }),
    rules: {
      decide: (action) =>
        decide({ policy: setup.policy?.() ?? policy, grants: setup.grants ?? [], held: [], facts }, action),
      renew: async () => setup.renewed?.() ?? [],
      ...(setup.basis ? { basis: setup.basis } : {}),
    },
    record,
    budget: {
      millisUsed: () => clock.now().getTime() - clock.startedAt,
      left: () => ({ ...unlimited, ...setup.left?.() }),
      prices: testPrices,
    },
    clock,
    signal: stopping.signal,
    news: () => jobs.news(),
    inbox: async (surely = false) => (surely || !setup.basis ? (setup.inbox?.splice(0) ?? []) : []),
    houseRules: {
      paths: async () => Object.keys(setup.houseRules ?? {}),
      read: async (path) => setup.houseRules?.[path] ?? null,
    },
    redact: redactor.event,
    snapshot: setup.snapshot ?? (async () => null),
    pausing: () => setup.pausing?.() ?? false,
  });
  return {
    log,
    sandbox,
    model,
    clock,
    commits: () => commits,
    stop: (cause) => stopping.abort(cause),
    async slice() {
      if (stopping.signal.aborted) stopping = new AbortController();
      generation += 1;
      return advanceRun(ports(), { log: [...log], generation, worker: 'test' }, limits);
    },
  };
}
