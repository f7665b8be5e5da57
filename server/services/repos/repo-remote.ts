import { AppError } from '../../domain/errors.ts';

/** `git@host:path`: no scheme, a user and a host before the first colon. */
const scpLike = /^[\w.-]+@[\w.-]+:(?!\/\/|:)[^\s]+$/;
const schemes = ['https:', 'http:', 'ssh:', 'git:'];

/**
 * The remote as it is handed to git, or AppError: `repo_not_allowed` for a path on the server typed by anyone but the
 * operator, `invalid_input` for what is neither path nor git URL, or carries credentials.
 */
export function repoRemote(
  { source, remote }: { source: 'local' | 'git'; remote: string },
  { operator }: { operator: boolean },
): string {
  if (remote === '' || remote.startsWith('-') || /[\p{Cc}\s]/u.test(remote.replaceAll(' ', ''))) {
    throw new AppError('invalid_input', 'Type the address of a git repository.');
  }
  return source === 'local' ? localPath(remote, operator) : gitUrl(remote);
}

function localPath(remote: string, operator: boolean): string {
  if (!operator) {
    throw new AppError(
      'repo_not_allowed',
      'A folder on the server can be connected by the operator of this installation only. Use a git URL.',
    );
  }
  if (!remote.startsWith('/')) {
    throw new AppError('invalid_input', 'Type the whole path of the folder, beginning with a slash.');
  }
  return remote;
}

function gitUrl(remote: string): string {
  const url = URL.canParse(remote) ? new URL(remote) : null;
  if (url !== null && schemes.includes(url.protocol)) {
    if (url.password !== '' || (url.username !== '' && url.protocol.startsWith('http'))) {
      throw new AppError('invalid_input', 'Leave user and password out of the URL: every member would see them.');
    }
    return remote;
  }
  if (scpLike.test(remote)) return remote;
  throw new AppError('invalid_input', 'Type a git URL such as https://host/team/repo.git or git@host:team/repo.git.');
}

/** A name for the repo from the last part of its address: `https://host/team/shop-api.git` is `shop-api`. */
export function repoName(remote: string): string {
  const last = remote
    .replace(/[/:]+$/, '')
    .replace(/\.git$/, '')
    .split(/[/:]/)
    .at(-1);
  return (last ?? '').replace(/[^\w.-]+/g, '-').slice(0, 100) || 'repo';
}
