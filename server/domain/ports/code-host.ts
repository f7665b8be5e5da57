import type { FoundSetup } from '../setup/find-setup.ts';

/** What the files of one commit tell. */
export type RepoSurvey = {
  files: number;
  bytes: number;
  found: FoundSetup;
  /** Files that stand for content in Git LFS, which is not fetched. */
  lfsPointers: number;
  /** Folders that are empty because they are repositories of their own; the first of them. */
  submodules: string[];
};

export type RepoInspection = RepoSurvey & { defaultBranch: string; head: string };

export type ChangedPath = {
  path: string;
  status: 'added' | 'modified' | 'deleted';
  executable: boolean;
  symlink: boolean;
  /** The name is not UTF-8: `path` shows it with `\xNN` escapes, and no commit can hold it. */
  unnameable?: true;
};

export type CommitEntry = { bytes: Uint8Array; executable: boolean; symlink: boolean };

export type DiffStat = { files: number; added: number; removed: number };

export type CommitRequest = {
  mirror: string;
  /** Work tree without `.git` whose state is recorded. */
  tree: string;
  parent: string;
  /** The only paths that enter the commit; every other difference is left out. */
  paths: string[];
  message: string;
  author: { name: string; email: string };
  at: Date;
};

export type SnapshotRequest = {
  mirror: string;
  /** Work tree without `.git` whose state is kept. */
  tree: string;
  /** The commit it is compared with, and the snapshot's parent. */
  start: string;
  run: string;
  turn: number;
  /** The lease generation that takes it: what an earlier holder still writes is never in the way. */
  generation: number;
  at: Date;
};

/** `leftOut`: changed paths that are too large or cannot be read. */
export type Snapshot = { commit: string; leftOut: string[] };

export type MergeOutcome = { kind: 'merged'; commit: string } | { kind: 'conflict'; paths: string[] };

export type PushOutcome =
  { kind: 'pushed' } | { kind: 'moved'; actual: string | null } | { kind: 'refused'; reason: string };

/**
 * What was typed as a remote. `trusted` gives it the operator's rights: paths on this machine, private networks, the
 * server's SSH keys. Without it, only http(s) addresses outside private networks.
 */
export type TypedRemote = { remote: string; trusted?: boolean };

/** `moved`: somebody else's commits are on it, so it stays. */
export type DeleteOutcome = { kind: 'deleted' } | { kind: 'moved'; actual: string };

/**
 * Git as the host runs it: over a private bare mirror, no system or user config, hooks, filters, external diff or
 * textconv, itself confined. `remote` is what a tenant typed; `mirror` is a repo id and names a folder under the data dir.
 * Throws AppError `repo_unreachable`, `repo_needs_credentials`, `repo_empty` or `repo_not_allowed`.
 */
export type CodeHost = {
  inspect(of: TypedRemote): Promise<RepoInspection>;
  /** Creates or refreshes the mirror. Returns the head of the default branch. */
  sync(request: TypedRemote & { mirror: string; defaultBranch: string }): Promise<string>;
  survey(request: { mirror: string; commit: string }): Promise<RepoSurvey>;
  /** Names of the folders at the root of a branch as it was last fetched. Throws `not_found` before the first fetch. */
  rootFolders(request: { mirror: string; branch: string }): Promise<string[]>;
  /** Paths of all files, links and submodules of a commit, one character a byte. */
  listFiles(request: { mirror: string; commit: string }): Promise<string[]>;
  /** Fills an empty folder with the files of a commit; leaves no `.git`. */
  checkout(request: { mirror: string; commit: string; into: string }): Promise<void>;
  /**
   * Turns a tree that holds the files of `from` into one that holds those of `to`, writing only what differs. Returns the
   * paths that do, one character a byte.
   */
  moveTree(request: { mirror: string; tree: string; from: string; to: string }): Promise<string[]>;
  /** Paths in which the work tree differs from a commit (ignored files of the repo left out). */
  changedPaths(request: { mirror: string; tree: string; commit: string }): Promise<ChangedPath[]>;
  /** What was written in the tree that some file system could take for a repository of git: never part of a commit. */
  gitNames(request: { tree: string }): Promise<string[]>;
  /** Returns the new commit, or null when nothing among `paths` differs from the parent. Same input, same commit id. */
  commit(request: CommitRequest): Promise<string | null>;
  /**
   * The tree as it is now, as a commit that is kept until it is dropped; `start` itself where nothing differs. Ignored
   * files of the repo are left out. The same state at the same `at` is the same commit.
   */
  snapshot(request: SnapshotRequest): Promise<Snapshot>;
  /** The ids of all mirrors on this host. */
  mirrors(): Promise<string[]>;
  /** Removes a mirror and all that only it held. Missing is fine. */
  dropMirror(request: { mirror: string }): Promise<void>;
  /** The runs that have snapshots, by mirror. */
  snapshotRuns(): Promise<{ mirror: string; runs: string[] }[]>;
  /** Lets go of all snapshots of these runs, and of what only they held. */
  dropSnapshots(request: { mirror: string; runs: string[] }): Promise<void>;
  diff(request: { mirror: string; base: string; head: string }): Promise<string>;
  /** Of all paths, or of those that `counts` names. */
  diffStat(request: {
    mirror: string;
    base: string;
    head: string;
    counts?: (path: string) => boolean;
  }): Promise<DiffStat>;
  /** The same for many commits against one base, in their order; null for one that is not there any more. */
  diffStats(request: { mirror: string; base: string; heads: string[] }): Promise<(DiffStat | null)[]>;
  changedBetween(request: { mirror: string; base: string; head: string }): Promise<ChangedPath[]>;
  /** Stable id of the patch between two commits (git patch-id): unchanged by a moved base. */
  patchId(request: { mirror: string; base: string; head: string }): Promise<string>;
  /** The file's bytes at a commit, null where there is none. */
  fileAt(request: { mirror: string; commit: string; path: string }): Promise<Uint8Array | null>;
  /** The same with what kind of file it is; of a link its target is its bytes. */
  entryAt(request: { mirror: string; commit: string; path: string }): Promise<CommitEntry | null>;
  /** Paths of all files of a commit, links apart, whose last part is one of `names`; at most `most`, in the order of git. */
  pathsNamed(request: { mirror: string; commit: string; names: readonly string[]; most: number }): Promise<string[]>;
  /** Computes the merge of `head` into `target` without touching any ref. Same input, same commit id. */
  merge(request: {
    mirror: string;
    target: string;
    head: string;
    message: string;
    author: { name: string; email: string };
    at: Date;
  }): Promise<MergeOutcome>;
  /** Where a remote branch stands; null when it does not exist. */
  remoteHead(request: TypedRemote & { branch: string }): Promise<string | null>;
  /** True when `commit` is in the history of `of`. */
  contains(request: { mirror: string; commit: string; of: string }): Promise<boolean>;
  /** Pushes only if the remote branch still stands at `expected` (null: does not exist). Never forces. */
  push(
    request: TypedRemote & { mirror: string; commit: string; branch: string; expected: string | null },
  ): Promise<PushOutcome>;
  /** Deletes a `fleet/…` branch on the remote if it still stands at `expected`; refuses any other. Missing is fine. */
  deleteBranch(request: TypedRemote & { mirror: string; branch: string; expected: string }): Promise<DeleteOutcome>;
};
