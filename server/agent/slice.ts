import type { RunEvent } from '../domain/events/run-events.ts';
import { extendTranscript, foldTranscript } from '../domain/transcript/fold.ts';
import type { ToolDefinition } from '../domain/ports/model.ts';
import type { Transcript } from '../domain/transcript/transcript.ts';
import { narrowed, remainingMillis, type BudgetState } from '../domain/budget/budget.ts';
import { AppError } from '../domain/errors.ts';
import type { Interruption } from './interruption.ts';
import type { RulesBasis } from '../domain/policy/rules-basis.ts';
import type { AgentPorts, Backend, Decided, RunLimits, SliceStart } from './ports.ts';
import { say } from './say.ts';

/** After so many, what decides is read before each commit instead: a run goes on however often people change their minds. */
const mostMoved = 3;

/** Why nothing was written, where that ends nothing. */
function whyNot(error: unknown): 'refused' | 'moved' | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === 'budget_exhausted') return 'refused';
  return error.code === 'conflict' && error.detail['moved'] === true ? 'moved' : null;
}

const commandOf = ({ kind, payload }: RunEvent) => (kind === 'message.added' ? payload.commandId : undefined);

/** One slice in progress: the transcript, the events not yet written, and the signal that cuts it short. */
export class Slice {
  readonly ports: AgentPorts;
  readonly limits: RunLimits;
  /** Aborted by the outside, by the end of the run's time, or by a write that failed. */
  readonly signal: AbortSignal;
  #transcript: Transcript;
  #unwritten: RunEvent[] = [];
  #writing: Promise<void> = Promise.resolve();
  #busy = false;
  /** Decided commits in a row that the world had moved away from. */
  #moved = 0;
  readonly #startedAt: number;
  readonly #own = new AbortController();
  readonly #closing = new AbortController();

  constructor(ports: AgentPorts, start: SliceStart, limits: RunLimits) {
    this.ports = ports;
    this.limits = limits;
    this.#transcript = foldTranscript(start.log);
    this.#startedAt = ports.clock.elapsed();
    this.signal = AbortSignal.any([ports.signal, this.#own.signal]);
    void this.#watchTime();
  }

  /** The tools of every model call: as the log has them, so that a new version of a tool's words changes no running prefix. */
  get definitions(): ToolDefinition[] {
    return this.#transcript.definitions ?? this.ports.tools.definitions;
  }

  /** The model that is asked next. */
  get backend(): Backend {
    const { model, provider, fallback, budget } = this.ports;
    const { windowTokens, maxTokens } = this.limits;
    if (this.#transcript.switched && fallback) return fallback;
    return { name: this.#transcript.model, provider, model, prices: budget.prices, windowTokens, maxTokens };
  }

  get transcript(): Transcript {
    return this.#transcript;
  }

  get budget(): BudgetState {
    const { seconds, costMicros, turns } = this.limits;
    const { totals, landing } = this.#transcript;
    const tokensUsed = totals.input + totals.output + totals.cacheRead + totals.cacheWrite;
    const limits = { seconds, costLimitMicros: costMicros, turns };
    const own = { ...limits, costMicros: totals.costMicros, tokensUsed, turnsUsed: totals.turns };
    const { budget } = this.ports;
    return narrowed({ ...own, millisUsed: budget.millisUsed() }, budget.left(), landing);
  }

  /** How long this slice has been running, in ms. */
  get elapsedMs(): number {
    return this.ports.clock.elapsed() - this.#startedAt;
  }

  /** Takes events into the transcript at once; they are written with the next commit. */
  add(...given: RunEvent[]): void {
    const events = given.map(this.ports.redact);
    this.#transcript = events.reduce(extendTranscript, this.#transcript);
    this.#unwritten.push(...events);
  }

  /** Writes all that is unwritten and `events`. Resolves when it is durable; throws what `record` throws. */
  async commit(...events: RunEvent[]): Promise<void> {
    return this.#commit(events);
  }

  async #commit(events: RunEvent[], decided?: Decided): Promise<void> {
    this.add(...events);
    while (this.#busy) await this.#writing;
    await this.#writing;
    if (this.#unwritten.length === 0) return;
    this.#writing = this.#write(this.#unwritten.splice(0), decided);
    await this.#writing;
  }

  /**
   * What is decided by from here on, read anew where the commit of what is decided cannot be held to it. Decide before
   * anything else is waited for.
   */
  async rulesNow(): Promise<RulesBasis | null> {
    const { rules } = this.ports;
    const basis = this.#moved < mostMoved ? (rules.basis?.() ?? null) : null;
    if (basis === null) this.add(...(await rules.renew()));
    return basis;
  }

  /**
   * Commits what was decided by `rules`; a `call` of the model only where people have said nothing that was not heard. Nothing
   * of it is in transcript or log where the ledger refuses, and `budget` says what would fit, or where the world has moved,
   * and has been looked at anew: what was unwritten before still is.
   */
  async commitDecided(
    events: RunEvent[],
    { rules, call = false }: { rules: RulesBasis | null; call?: boolean },
  ): Promise<'written' | 'refused' | 'moved'> {
    while (this.#busy) await this.#writing;
    await this.#writing;
    const before = { transcript: this.#transcript, unwritten: this.#unwritten };
    try {
      this.#unwritten = [...before.unwritten];
      await this.#commit(events, { rules, heard: call && this.#moved < mostMoved });
      this.#moved = 0;
      return 'written';
    } catch (error) {
      const why = whyNot(error);
      if (why === null) throw error;
      this.#transcript = before.transcript;
      this.#unwritten = before.unwritten;
      this.#writing = Promise.resolve();
      if (why === 'moved') await this.#lookAnew(call);
      return why;
    }
  }

  async #lookAnew(call: boolean): Promise<void> {
    this.#moved += 1;
    this.add(...(await this.ports.rules.renew()));
    if (!call) return;
    const known = new Set(this.#unwritten.map(commandOf));
    for (const { source, text, commandId } of await this.ports.inbox(true)) {
      if (commandId === undefined || !known.has(commandId)) this.add(say(source, text, commandId));
    }
  }

  /** Starts a write of what is unwritten unless one is in flight; a failure cuts the slice short and meets the next commit. */
  commitWhenIdle(): void {
    if (this.#busy || this.#unwritten.length === 0) return;
    this.#writing = this.#write(this.#unwritten.splice(0));
    this.#writing.catch((failure: unknown) => this.#own.abort(failure));
  }

  /** What is left for the caller's last transaction. */
  async takeUnwritten(): Promise<RunEvent[]> {
    await this.#writing;
    return this.#unwritten.splice(0);
  }

  close(): void {
    this.#closing.abort();
  }

  async #write(events: RunEvent[], decided?: Decided): Promise<void> {
    this.#busy = true;
    try {
      await this.ports.record(events, decided);
    } finally {
      this.#busy = false;
    }
  }

  async #watchTime(): Promise<void> {
    try {
      for (let left = remainingMillis(this.budget); left > 0; left = remainingMillis(this.budget)) {
        await this.ports.clock.sleep(left, this.#closing.signal);
      }
      this.#own.abort({ kind: 'time_used' } satisfies Interruption);
    } catch {
      // The slice was closed before the time was used up.
    }
  }
}
