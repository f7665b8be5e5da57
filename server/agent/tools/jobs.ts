import { z } from 'zod';
import type { JobBoard, KnownJob } from '../job-board.ts';
import { cutMiddle } from '../text/truncate.ts';
import { guarded } from './guarded.ts';
import { failed, ok, tool } from './tool.ts';

const mostSeconds = 120;
const idField = z.string().min(1).max(40).describe('The id that job_start named, e.g. job-1');
const waiting = {
  wait_for: z.string().min(1).max(200).optional().describe('Wait until its output holds this text, e.g. listening'),
  wait_seconds: z.int().min(0).max(mostSeconds).optional().describe(`How long to wait at most, up to ${mostSeconds}`),
};

type Waiting = { wait_for?: string | undefined; wait_seconds?: number | undefined };

function state(board: JobBoard, known: KnownJob): string {
  const { jobId, end } = known;
  if (end === null) return `${jobId} runs since ${board.seconds(known)} s`;
  return end.ended === 'exited' ? `${jobId} has ended with exit code ${end.exitCode}` : `${jobId} was ${end.ended}`;
}

function shown(board: JobBoard, known: KnownJob, note = ''): string {
  const output = cutMiddle({ head: board.text(known), tail: '', droppedBytes: 0 });
  return `[${state(board, known)}${note}]\n${output === '' ? '(no output so far)' : output}`;
}

/** Waits as asked and answers with the state and output of a job. */
async function look(board: JobBoard, known: KnownJob, { signal, ...wait }: Waiting & { signal: AbortSignal }) {
  const until = wait.wait_for ?? null;
  const seconds = wait.wait_seconds ?? (until === null ? 0 : 30);
  if (seconds > 0) await board.watch(known, { until, ms: seconds * 1000, signal });
  const missed = until !== null && known.end === null && !board.text(known).includes(until);
  return shown(board, known, missed ? `; "${until}" has not come within ${seconds} s` : '');
}

function unknown(board: JobBoard, id: string) {
  const names = board.list().map(({ jobId }) => jobId);
  const there = names.length === 0 ? 'None was started in this sandbox.' : `There are: ${names.join(', ')}.`;
  return failed(
    `There is no job ${id.slice(0, 40)}. ${there} Jobs end with their sandbox, which is closed while a run waits for a ` +
      'person and when the server restarts; start it again if you still need it.',
  );
}

export const jobStart = tool({
  description:
    'Starts a bash script in the background, such as a dev server or a watcher, in the root of the repository. It shares ' +
    '127.0.0.1 and the files with your other commands and runs on while you work. Say with wait_for what it prints when it ' +
    'is ready. A command that ends by itself belongs into shell.',
  schema: z.strictObject({ command: z.string().min(1).describe('A bash script'), ...waiting }),
  action: ({ command }) => ({ kind: 'shell', command }),
  async run({ jobs, guard }, { input: { command, ...wait }, callId, signal }) {
    const known = await jobs.start(command);
    if ('problem' in known) return failed(`Nothing was started: ${known.problem}`);
    const { jobId } = known;
    const events = [{ kind: 'job.started' as const, payload: { callId, jobId, command } }];
    const seen = { ...ok(await look(jobs, known, { ...wait, signal })), events };
    return guarded({ guard }, { callId, signal }, seen);
  },
});

export const jobRead = tool({
  description: 'Shows state and output of a background job, or all jobs of the run when no id is given.',
  schema: z.strictObject({ id: idField.optional(), ...waiting }),
  action: () => ({ kind: 'own_job' }),
  async run({ jobs, guard }, { input: { id, ...wait }, callId, signal }) {
    if (id === undefined) {
      const lines = jobs.list().map((known) => `${state(jobs, known)}: ${known.command.slice(0, 200)}`);
      return ok(lines.length === 0 ? 'No job was started in this sandbox.' : lines.join('\n'));
    }
    const known = jobs.find(id);
    if (!known) return unknown(jobs, id);
    return guarded({ guard }, { callId, signal }, ok(await look(jobs, known, { ...wait, signal })));
  },
});

export const jobStop = tool({
  description: 'Ends a background job with all its processes.',
  schema: z.strictObject({ id: idField }),
  action: () => ({ kind: 'own_job' }),
  async run({ jobs, guard }, { input: { id }, callId, signal }) {
    const known = jobs.find(id);
    if (!known) return unknown(jobs, id);
    const events = await jobs.stop(known);
    return guarded({ guard }, { callId, signal }, { ...ok(shown(jobs, known)), events });
  },
});
