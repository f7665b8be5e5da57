import type { NetworkPolicy } from '../network/network-policy.ts';
import type { NetworkRequest } from '../network/network-request.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { HeaderForm } from '../secrets/header-form.ts';
import type { SecretPlace } from '../secrets/network-secret.ts';

/**
 * Hard limits of one sandbox, all its commands and jobs together. Wall time is each command's own `timeoutMs`.
 * How well the host holds each of them is said by `SandboxHealth.limits`.
 */
export type SandboxLimits = {
  processes: number;
  /** Of one file. */
  fileBytes: number;
  memoryBytes: number;
  /** Of the work tree; where that is a layer over a shared checkout, of what was written in it. */
  diskBytes: number;
  /** Processors' worth of time; a fraction is fine. Held by `affinity` it is rounded up. */
  cpus: number;
};

/**
 * A secret that the sandbox knows only as `placeholder`. Where the form's header holds that on its way to one of `places`,
 * the proxy writes the header anew with `value`.
 */
export type NetworkCredential = {
  name: string;
  placeholder: string;
  value: string;
  form: HeaderForm;
  places: SecretPlace[];
};

/** One request as the proxy understands it. `registry`: the place is an open one of the installation, or its mirror. */
export type NetworkAsk = { url: string; method: string; bytesOut: number; registry: boolean };

/** The only way out of a sandbox: a proxy of its own on the host, that decides each request by `policy`. */
export type SandboxEgress = {
  policy: NetworkPolicy;
  credentials: NetworkCredential[];
  /**
   * What the layers of policy say of requests that `policy` opens, by one reading. Rejects where that cannot be told: then
   * nothing leaves. Absent where nobody's agent asks: a set-up, the way to an MCP server whose calls are judged themselves.
   */
  judge?: (asks: readonly NetworkAsk[]) => Promise<Verdict[]>;
  /**
   * Writes a request down: an allowed one before anything of it leaves, a refused one before it is answered. Called once
   * per request, and once more with `unreachable` where an allowed one then reached nobody. Rejects where it cannot be
   * written: then nothing leaves, and what was allowed counts as refused from there on.
   */
  record(request: NetworkRequest): Promise<void>;
};

export type SandboxSpec = {
  /** Run or stage attempt id: names the sandbox on the host, so that a crash's leftovers can be found. */
  id: string;
  /** Host folder that appears as `/work`, the only place that outlives a command. */
  tree: string;
  /** False: `/work` is read-only, commands write to a throw-away overlay (reviewers). */
  writable: boolean;
  limits: SandboxLimits;
  /** Null or absent: no network at all. */
  egress?: SandboxEgress | null;
  /** Variables of every command and job. The provider's own helpers never see them. */
  env?: Record<string, string>;
  /** Host folders and files shown read-only, such as caches. */
  mounts?: SandboxMount[];
  /** The repo it works in: the operator may have given it an image of its own. */
  repo?: string;
};

/** `to` is absolute, outside `/work`, `/proc` and `/dev`. */
export type SandboxMount = { from: string; to: string };

export type ExecRequest = {
  /** A bash script. */
  command: string;
  /**
   * `kept`: starts with the folder and exported variables that the last such command ended with, and leaves its own to
   * the next. A command that ends by a signal, `exec` or an EXIT trap of its own leaves nothing. Default: `fresh`.
   */
  shell?: 'fresh' | 'kept';
  /** Bytes handed to the command's standard input. */
  stdin?: Uint8Array;
  timeoutMs: number;
  /** Head and tail kept of stdout and stderr together; what lies between is counted, not kept. */
  maxOutputBytes: number;
  signal: AbortSignal;
  onOutput?: (chunk: Uint8Array) => void;
};

/** stdout and stderr as they came, at most `maxOutputBytes`: the first and the last half. */
export type Output = { head: Uint8Array; tail: Uint8Array; droppedBytes: number };

export type ExecResult = Output & {
  /** Null when the command was killed. */
  exitCode: number | null;
  ended: 'exited' | 'timed_out' | 'aborted' | 'killed';
  /** A limit that the sandbox went over meanwhile, where that is known. */
  exceeded?: keyof SandboxLimits;
  durationMs: number;
};

export type StartRequest = {
  /** A bash script. It runs in `/work` until it ends, is stopped, or the sandbox is closed. */
  command: string;
  maxOutputBytes: number;
  onOutput?: (chunk: Uint8Array) => void;
};

/** An image that runs beside a sandbox as it was made to run: a database, a queue. `env` is told to it and nobody else. */
export type ImageRequest = { image: string; env: Record<string, string>; maxOutputBytes: number };

export type JobEnd = { exitCode: number | null; ended: 'exited' | 'stopped' | 'killed' };

/** Something that runs in the background: a server, a browser. Its loopback is that of the sandbox's commands. */
export type Job = {
  id: string;
  /** What it has said so far. */
  read(): Output;
  /** Ends all its processes. Idempotent. */
  stop(): Promise<JobEnd>;
  ended: Promise<JobEnd>;
};

export type FileRead =
  | { kind: 'file'; bytes: Uint8Array; size: number }
  | { kind: 'directory'; entries: string[] }
  | { kind: 'missing' }
  | { kind: 'refused'; reason: string };

export type FileWrite =
  { kind: 'written' } | { kind: 'exists' } | { kind: 'missing' } | { kind: 'refused'; reason: string };

/** A confined place to run commands. Paths are relative to `/work`; nothing outside it can be named. */
export type Sandbox = {
  /** What its system was made of, as exactly as the provider knows; absent where it is this machine's own. */
  image?: string;
  exec(request: ExecRequest): Promise<ExecResult>;
  /** Starts a job. Resolves when its shell is up, which is not when a server in it listens. */
  start(request: StartRequest): Promise<Job>;
  /**
   * Runs an image beside the sandbox, on the loopback of its commands and with limits as it has; absent where nothing runs
   * images. Throws `sandbox_unavailable` with what the engine says of it.
   */
  startImage?(request: ImageRequest): Promise<Job>;
  read(path: string, options: { maxBytes: number; signal: AbortSignal }): Promise<FileRead>;
  /** `create` refuses an existing file; `replace` refuses a missing one. */
  write(
    path: string,
    bytes: Uint8Array,
    options: { mode: 'create' | 'replace'; signal: AbortSignal },
  ): Promise<FileWrite>;
  /**
   * Brings the state of `/work` to the host folder `spec.tree` and resolves with that folder. What a throw-away layer took
   * is not state. A command or job that runs meanwhile may be seen half done.
   */
  snapshot(): Promise<string>;
  /**
   * A name for what `/work` holds: between two looks that gave the same one nothing was written there. Null where that cannot be
   * told, as while a command or job runs; absent where it never can.
   */
  treeState?(): Promise<string | null>;
  /** A second sandbox whose `spec.tree`, which must be empty or missing, starts as a copy of this one's `/work`. */
  fork(spec: SandboxSpec): Promise<Sandbox>;
  /** Kills every process of the sandbox. The tree stays. Idempotent. */
  dispose(): Promise<void>;
};

/**
 * What holds a limit: the kernel for the whole sandbox, the kernel for each process, the number of processors it may run
 * on, a look now and then, an engine.
 */
export type LimitHolder = 'cgroup' | 'rlimit' | 'affinity' | 'watchdog' | 'engine';

/** `limits`: null where nothing holds it. */
export type SandboxHealth = { ok: boolean; detail: string; limits: Record<keyof SandboxLimits, LimitHolder | null> };

/** What a crash had left and is gone now. */
export type Reaped = { sandboxes: number; processes: number };

/** A provider of sandboxes. `open` throws AppError `sandbox_unavailable` with what to do about it. */
export type SandboxPort = {
  provider: string;
  open(spec: SandboxSpec): Promise<Sandbox>;
  /** Runs one real command in one real sandbox. */
  probe(): Promise<SandboxHealth>;
  /** Removes what processes that are gone left of their sandboxes, and never anything of one that lives. */
  reap(): Promise<Reaped>;
};
