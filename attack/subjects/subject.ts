import type { Weakness } from '../../server/adapters/sandbox/weakness.ts';
import type { Sandbox } from '../../server/domain/ports/sandbox.ts';

/** What stands between a command and the canaries: Fleet's local sandbox, or another one for comparison. */
export type Subject = {
  name: string;
  /** It answers as containers do, where a case says that this is another way. */
  onEngine?: true;
  /** A confined place whose work folder is `tree`. */
  open(tree: string): Promise<Confined>;
  /** The same with something taken away; null where that cannot be done. */
  openWithout: ((tree: string, lacking: Weakness) => Promise<Confined>) | null;
};

export type Confined = {
  /** Runs a bash script in the work folder; resolves with how it ended, then its output. */
  run(command: string, more?: { timeoutMs?: number }): Promise<string>;
  /** The host's own access to files inside; null where there is none. */
  files: Pick<Sandbox, 'read' | 'write'> | null;
  close(): Promise<void>;
};
