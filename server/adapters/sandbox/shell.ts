import type { Readable } from 'node:stream';
import type { SandboxLimits } from '../../domain/ports/sandbox.ts';

export type Stop = 'timed_out' | 'aborted' | 'killed';
/** `exceeded`: a limit that was gone over meanwhile, where that is known. */
export type Exit = { code: number | null; stopped: Stop | null; exceeded?: keyof SandboxLimits };

/** A confined shell, up or coming up. It takes one command. */
export type Shell = {
  /** Its standard input; `last` closes it. */
  write(bytes: Uint8Array, last?: boolean): void;
  output: Readable;
  /** Resolves when the shell waits for its command and its walls stand; throws `sandbox_unavailable` when it never will. */
  ready(): Promise<void>;
  /** What was said after it was up, on a descriptor that is not the output. */
  said(): Buffer;
  stop(why: Stop, exceeded?: keyof SandboxLimits): void;
  /** Host process id of process 1 inside; null before it is there, after its end, and where it is another host's. */
  pid(): number | null;
  /** It runs, and was not told to stop. */
  alive(): boolean;
  /** Resolves when every process is dead and the output has been read to its end. */
  ended: Promise<Exit>;
};
