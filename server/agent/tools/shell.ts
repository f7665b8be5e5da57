import { z } from 'zod';
import type { ExecResult, SandboxLimits } from '../../domain/ports/sandbox.ts';
import { decodeOutput } from '../text/decode-bytes.ts';
import { cutMiddle } from '../text/truncate.ts';
import { guarded } from './guarded.ts';
import { tool } from './tool.ts';

const keptBytes = 4 * 1024 * 1024;
/** Of each end of the output, decoded for the model. */
const shownBytes = 64 * 1024;
const defaultSeconds = 120;

const schema = z.strictObject({
  command: z.string().min(1).describe('A bash script'),
  timeout_seconds: z.int().min(1).max(600).optional().describe(`Default ${defaultSeconds}, at most 600`),
});

const limitWords: Record<keyof SandboxLimits, string> = {
  processes: 'it tried to have more processes than the sandbox allows. Run less in parallel',
  memoryBytes: 'it ran out of the memory that the sandbox allows. Run less at once, or in smaller parts',
  fileBytes: 'a file grew larger than the sandbox allows. Write less, or in several files',
  diskBytes: 'the work tree grew larger than the sandbox allows. Remove what is not needed before anything else',
  cpus: 'it used more processor time than the sandbox allows',
};

function ending({ ended, exitCode, exceeded, durationMs }: ExecResult, seconds: number): string {
  const took = `${(durationMs / 1000).toFixed(1)} s`;
  if (ended === 'exited') {
    const over = exceeded && exitCode !== 0 ? `: ${limitWords[exceeded]}` : '';
    return `exit code ${exitCode} after ${took}${over}`;
  }
  if (ended === 'timed_out') {
    return `stopped after ${seconds} s without an end. Give it a larger timeout_seconds, run less at once, or check that it does not wait for input`;
  }
  return `killed after ${took}: ${exceeded ? limitWords[exceeded] : 'it went over a limit of the sandbox'}`;
}

/** What can be shown of an output: its ends, well over what `cutMiddle` keeps of them. */
function ends({ head, tail, droppedBytes }: ExecResult) {
  if (droppedBytes === 0 && head.length + tail.length <= 2 * shownBytes) {
    return { head: Buffer.concat([head, tail]), tail: Buffer.alloc(0), droppedBytes };
  }
  const both = droppedBytes === 0 ? Buffer.concat([head, tail]) : null;
  const first = (both ?? head).subarray(0, shownBytes);
  const last = (both ?? tail).subarray(-shownBytes);
  return {
    head: first,
    tail: last,
    droppedBytes: droppedBytes + head.length + tail.length - first.length - last.length,
  };
}

/** Head and tail were cut by bytes: characters broken at the cut are dropped with what lies between. */
function decoded(result: ExecResult) {
  const { head, tail, droppedBytes } = ends(result);
  if (droppedBytes === 0) return { head: decodeOutput(head), tail: '', droppedBytes };
  const start = tail.findIndex((byte) => (byte & 0xc0) !== 0x80);
  const lead = head.findLastIndex((byte) => byte >= 0xc0);
  const end = lead !== -1 && head.length - lead < 4 ? lead : head.length;
  return {
    head: decodeOutput(head.subarray(0, end)),
    tail: decodeOutput(tail.subarray(start >= 0 && start < 4 ? start : 0)),
    droppedBytes,
  };
}

function whole({ head, tail, droppedBytes }: ExecResult): Uint8Array {
  if (droppedBytes === 0) return Buffer.concat([head, tail]);
  return Buffer.concat([head, Buffer.from(`\n[${droppedBytes} bytes were not kept]\n`), tail]);
}

export const shell = tool({
  description:
    'Runs a bash script in the sandbox; the first call starts in the root of the repository. No network, unless a rule opens a place to ' +
    'the role. The folder, exported variables and files carry over to the next call, processes do not (job_start keeps one ' +
    'running). stdout and stderr come back together; a long output loses its middle.',
  schema,
  action: ({ command }) => ({ kind: 'shell', command }),
  async run({ sandbox, blobs, guard }, { input, callId, signal }) {
    const seconds = input.timeout_seconds ?? defaultSeconds;
    const limits = { timeoutMs: seconds * 1000, maxOutputBytes: keptBytes };
    const done = await sandbox.exec({ command: input.command, shell: 'kept', ...limits, signal });
    if (done.ended === 'aborted') throw signal.reason ?? new Error('The command was aborted.');
    const output = decoded(done);
    const shown = cutMiddle(output);
    const isCut = output.droppedBytes > 0 || shown.length < output.head.length;
    const blob = isCut ? await blobs.put(whole(done)) : null;
    return guarded(
      { guard },
      { callId, signal },
      {
        outcome: done.ended === 'timed_out' ? 'timed_out' : done.exitCode === 0 ? 'ok' : 'error',
        text: `[${ending(done, seconds)}]\n${shown === '' ? '(no output)' : shown}`,
        exitCode: done.exitCode,
        droppedBytes: done.droppedBytes,
        blobId: blob?.id ?? null,
      },
    );
  },
});
