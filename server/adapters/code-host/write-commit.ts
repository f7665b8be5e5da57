import type { Git } from './git-command.ts';
import { onMirror, type Mirror } from './mirrors.ts';

type NewCommit = {
  tree: string;
  parents: string[];
  message: string;
  author: { name: string; email: string };
  at: Date;
};

/**
 * The same input gives the same commit id: author, committer and date are given, nothing is taken from the machine. A ref
 * of its own keeps the commit, which no branch names yet, from ever being collected.
 */
export async function writeCommit(git: Git, mirror: Mirror, commit: NewCommit): Promise<string> {
  const args = ['commit-tree', ...commit.parents.flatMap((parent) => ['-p', parent]), '-F', '-', commit.tree];
  const input = `${commit.message.replaceAll('\0', '').trimEnd()}\n`;
  const made = await onMirror(git, mirror, { args, env: identity(commit), input, writable: true });
  const id = made.stdout.toString('latin1').trim();
  await onMirror(git, mirror, { args: ['update-ref', `refs/fleet/commits/${id}`, id], writable: true });
  return id;
}

function identity({ author, at }: NewCommit): Record<string, string> {
  const clean = (text: string) => text.replaceAll(/[\p{Cc}<>]/gu, ' ').trim() || 'Fleet';
  const date = `@${Math.floor(at.getTime() / 1000)} +0000`;
  const [name, email] = [clean(author.name), clean(author.email)];
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}
