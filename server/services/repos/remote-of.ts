import type { TypedRemote } from '../../domain/ports/code-host.ts';

type Repo = { source: 'sample' | 'local' | 'git'; remote: string; byOperator: boolean };

/** A repo's remote with the rights of who connected it: Fleet's own sample, a folder, and what the operator typed. */
export function remoteOf({ source, remote, byOperator }: Repo): TypedRemote {
  return { remote, trusted: source !== 'git' || byOperator };
}
