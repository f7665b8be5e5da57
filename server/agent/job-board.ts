import type { RunEvent } from '../domain/events/run-events.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { Job, JobEnd, Output, Sandbox } from '../domain/ports/sandbox.ts';
import { decodeOutput } from './text/decode-bytes.ts';
import { tailOf } from './text/truncate.ts';

const keptBytes = 256 * 1024;
const mostRunning = 8;
const mostSaidBytes = 2 * 1024;

/** A job as its run knows it. `end` is null while it runs; `told` once the log has its end. */
export type KnownJob = {
  jobId: string;
  command: string;
  job: Job;
  startedAtMs: number;
  end: JobEnd | null;
  told: boolean;
};

type Watching = { until: string | null; ms: number; signal: AbortSignal };

/** Output as text; what lies between its ends is named. */
function outputText({ head, tail, droppedBytes }: Output): string {
  const gap = droppedBytes === 0 ? '' : `\n[${droppedBytes} bytes were not kept]\n`;
  return `${decodeOutput(head)}${gap}${decodeOutput(tail)}`;
}

/** The background jobs of one sandbox. They end with it. */
export class JobBoard {
  readonly #sandbox: Sandbox;
  readonly #clock: Clock;
  readonly #jobs: KnownJob[] = [];
  #started: number;
  #listeners: (() => void)[] = [];

  /** `before`: how many jobs this run has started in earlier sandboxes, so that no id comes twice. */
  constructor({ sandbox, clock, before }: { sandbox: Sandbox; clock: Clock; before: number }) {
    this.#sandbox = sandbox;
    this.#clock = clock;
    this.#started = before;
  }

  list(): readonly KnownJob[] {
    return this.#jobs;
  }

  find(jobId: string): KnownJob | null {
    return this.#jobs.find((each) => each.jobId === jobId) ?? null;
  }

  /** Starts a job, or says why not. Throws what the sandbox throws. */
  async start(command: string): Promise<KnownJob | { problem: string }> {
    const running = this.#jobs.filter(({ end }) => end === null);
    if (running.length >= mostRunning) {
      const names = running.map(({ jobId }) => jobId).join(', ');
      return { problem: `${running.length} jobs run already (${names}). Stop one with job_stop first.` };
    }
    this.#started += 1;
    const jobId = `job-${this.#started}`;
    const job = await this.#sandbox.start({ command, maxOutputBytes: keptBytes, onOutput: () => this.#wake() });
    const known: KnownJob = { jobId, command, job, startedAtMs: this.#clock.elapsed(), end: null, told: false };
    this.#jobs.push(known);
    void job.ended.then((end) => {
      known.end = end;
      this.#wake();
    });
    return known;
  }

  /** Resolves when the output holds `until`, the job has ended, or `ms` are over. Throws the signal's reason. */
  async watch(known: KnownJob, { until, ms, signal }: Watching): Promise<void> {
    const over = new AbortController();
    const time = this.#clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(
      () => 'over' as const,
      () => 'cut' as const,
    );
    try {
      for (;;) {
        if (known.end !== null || (until !== null && this.text(known).includes(until))) return;
        if ((await Promise.race([time, this.#news()])) !== 'news') break;
      }
    } finally {
      over.abort();
    }
    signal.throwIfAborted();
  }

  text({ job }: KnownJob): string {
    return outputText(job.read());
  }

  seconds({ startedAtMs }: KnownJob): number {
    return Math.round((this.#clock.elapsed() - startedAtMs) / 1000);
  }

  async stop(known: KnownJob): Promise<RunEvent[]> {
    known.end = await known.job.stop();
    return this.#endEvents([known], 'agent');
  }

  /** The ends that the log does not have yet. */
  news(): RunEvent[] {
    return this.#endEvents(
      this.#jobs.filter(({ end }) => end !== null),
      'itself',
    );
  }

  #endEvents(ended: readonly KnownJob[], by: 'agent' | 'itself'): RunEvent[] {
    return ended
      .filter(({ told }) => !told)
      .map((known) => {
        known.told = true;
        const { jobId, command, end } = known;
        const said = tailOf(this.text(known), mostSaidBytes).toWellFormed();
        return { kind: 'job.ended', payload: { jobId, command, by, exitCode: end?.exitCode ?? null, said } };
      });
  }

  #news(): Promise<'news'> {
    return new Promise((resolve) => this.#listeners.push(() => resolve('news')));
  }

  #wake(): void {
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
