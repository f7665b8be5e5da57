import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { RepoSetup } from './repo-setup.ts';

type Stands = {
  setup: RepoSetup;
  /** Which tools installed it, and where. */
  toolchain: readonly string[];
  /** Each lockfile with its content, null where the commit has none. */
  lockfiles: readonly { path: string; bytes: Uint8Array | null }[];
};

/** Names what a set-up makes: the same name is the same dependencies. */
export function setupKey({ setup, toolchain, lockfiles }: Stands): string {
  const { install, registries } = setup;
  const files = lockfiles.map(({ path, bytes }) => [path, bytes === null ? null : sha256(bytes)]);
  return sha256(canonicalize({ install, registries, toolchain, files }) ?? '');
}

/** Names the commands that a repo is checked with: a check under other ones says nothing about these. */
export function settingsDigest(settings: { testCommand: string; setup: RepoSetup }): string {
  return sha256(canonicalize(settings) ?? '');
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
