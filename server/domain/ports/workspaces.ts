/** A file laid over a checkout. `path` comes from git, so it names no parent and no `.git`. */
export type OverlayFile = { path: string; bytes: Uint8Array; executable: boolean };

export type WorkspaceRequest = {
  id: string;
  mirror: string;
  commit: string;
  overlay?: OverlayFile[];
  without?: string[];
};

/**
 * Work trees on this host, one folder per id. A tree is whole or not there: a crash half-way leaves nothing that a later
 * call would use.
 */
export type Workspaces = {
  /** The tree of that id; made from the request when there is none yet. */
  keep(request: WorkspaceRequest): Promise<{ tree: string; made: boolean }>;
  /** A new tree; an older one of that id is thrown away. */
  fresh(request: WorkspaceRequest): Promise<string>;
  /** Missing is fine. */
  remove(id: string): Promise<void>;
  /** The ids that have a folder. */
  list(): Promise<string[]>;
};
