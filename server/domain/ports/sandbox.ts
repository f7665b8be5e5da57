/** Hard limits of one sandbox. Where the host cannot hold one of them, `SandboxHealth.limits` says so. */
export type SandboxLimits = { processes: number; fileBytes: number; memoryBytes: number };

export type SandboxSpec = {
  /** Run or stage attempt id: names the sandbox on the host, so that a crash's leftovers can be found. */
  id: string;
  /** Host folder that appears as `/work`, the only place that outlives a command. */
  tree: string;
  /** False: `/work` is read-only, commands write to a throw-away overlay (reviewers). */
  writable: boolean;
  limits: SandboxLimits;
};

export type ExecRequest = {
  /** A bash script. */
  command: string;
  /** Bytes handed to the command's standard input. */
  stdin?: Uint8Array;
  timeoutMs: number;
  /** Head and tail kept of stdout and stderr together; what lies between is counted, not kept. */
  maxOutputBytes: number;
  signal: AbortSignal;
  onOutput?: (chunk: Uint8Array) => void;
};

export type ExecResult = {
  /** Null when the command was killed. */
  exitCode: number | null;
  ended: 'exited' | 'timed_out' | 'aborted' | 'killed';
  /** stdout and stderr as they came, at most `maxOutputBytes`: the first and the last half. */
  head: Uint8Array;
  tail: Uint8Array;
  droppedBytes: number;
  durationMs: number;
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
  exec(request: ExecRequest): Promise<ExecResult>;
  read(path: string, options: { maxBytes: number; signal: AbortSignal }): Promise<FileRead>;
  /** `create` refuses an existing file; `replace` refuses a missing one. */
  write(
    path: string,
    bytes: Uint8Array,
    options: { mode: 'create' | 'replace'; signal: AbortSignal },
  ): Promise<FileWrite>;
  /** Kills every process of the sandbox. The tree stays. Idempotent. */
  dispose(): Promise<void>;
};

export type SandboxHealth = { ok: boolean; detail: string; limits: Record<keyof SandboxLimits, boolean> };

/** A provider of sandboxes. `open` throws AppError `sandbox_unavailable` with what to do about it. */
export type SandboxPort = {
  provider: string;
  open(spec: SandboxSpec): Promise<Sandbox>;
  /** Runs one real command in one real sandbox. */
  probe(): Promise<SandboxHealth>;
};
