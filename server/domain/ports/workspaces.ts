/** A file laid over a checkout. `path` comes from git, so it names no parent and no `.git`. */
export type OverlayFile = { path: string; bytes: Uint8Array; executable: boolean };

export type WorkspaceRequest = {
  id: string;
  mirror: string;
  /** A commit, or the snapshot of a run: a fork begins with that state. */
  commit: string;
  overlay?: OverlayFile[];
  without?: string[];
  /** The layer of files that `setUp` made, by its key, which the tree stands on; asked for only when the tree is made. */
  setup?: () => Promise<string | null>;
};

export type SetUpRequest = {
  /** Names the tree that set-up runs in; the tree is gone afterwards. */
  id: string;
  mirror: string;
  commit: string;
  /** What the layer is known by; the same key is the same files. */
  key: string;
  /** Runs set-up in a fresh tree of the commit. What it throws is thrown, and nothing is kept. */
  fill(tree: string): Promise<void>;
};

/**
 * Work trees on this host, one per id. A tree is whole or not there: a crash half-way leaves nothing that a later call
 * would use. Where a tree lies is the adapter's: any file access on this host may follow `tree`, but a mount or a confined
 * program may have to enter a holder's namespaces first.
 */
export type Workspaces = {
  /**
   * The tree of that id; made from the request when there is none yet. Throws `sandbox_unavailable` where there was one
   * and what was written in it is gone: never a fresh tree in its place.
   */
  keep(request: WorkspaceRequest): Promise<{ tree: string; made: boolean }>;
  /** A new tree that ends with this process at the latest; an older one of that id is thrown away. */
  fresh(request: WorkspaceRequest): Promise<string>;
  /**
   * Keeps what `fill` makes in a tree beside the files of its commit, unless a layer of that key is there. Files of the
   * commit that it changed are named by `leftOut` and are not part of it. One at a time per key.
   */
  setUp(request: SetUpRequest): Promise<{ leftOut: string[] }>;
  /** Undoes one `keep`: with the last, what only holds the tree open is let go. The next `keep` finds it as it is. */
  rest(id: string): Promise<void>;
  /** Missing is fine. */
  remove(id: string): Promise<void>;
  /** Removes all that is kept of a mirror that is going: its trees, and the checkouts and layers that they stand on. */
  forget(mirror: string): Promise<void>;
  /** The ids that have a folder. */
  list(): Promise<string[]>;
  /** Clears away fresh trees of dead processes, and shared checkouts that no tree stands on but for the lately used ones. Layers of set-ups likewise. */
  collect(): Promise<void>;
};
