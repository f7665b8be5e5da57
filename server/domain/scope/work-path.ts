type WorkPath = { ok: true; path: string } | { ok: false; reason: string };

const root = '/work';

/**
 * The path below `/work` in normal form (`.` for the folder itself), or why there is none. Lexical only: symbolic links
 * are judged inside the sandbox, where the file system is.
 */
export function placeInWork(path: string): WorkPath {
  if (path.includes('\0')) return { ok: false, reason: 'the path contains a NUL character' };
  if (path.length > 4096) return { ok: false, reason: 'the path is too long' };
  if (!path.isWellFormed()) return { ok: false, reason: 'the path is not valid Unicode' };
  const absolute = path.startsWith('/');
  if (absolute && !`${path}/`.startsWith(`${root}/`))
    return { ok: false, reason: 'only paths below /work can be named' };
  const parts: string[] = [];
  for (const part of (absolute ? path.slice(root.length) : path).split('/')) {
    if (part === '..' && parts.pop() === undefined) return { ok: false, reason: 'the path leaves /work' };
    if (!['', '.', '..'].includes(part)) parts.push(part);
  }
  return { ok: true, path: parts.join('/') || '.' };
}

/**
 * A path of a tool call as it lies under the work tree, '' for the root. `/work/…` is accepted because commands see the
 * tree there. Null when the path names something outside.
 */
export function workPath(path: string): string | null {
  const place = placeInWork(path);
  if (!place.ok) return null;
  return place.path === '.' ? '' : place.path;
}

// Characters that HFS+ ignores in names, so that `.g\u200cit` would be `.git` there.
const ignorable = /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** True when some file system would take `name` for `.git`: case, ignored characters, short name, stream, trailing dots. */
export function isGitName(name: string): boolean {
  const folded = name
    .normalize('NFKC')
    .replace(ignorable, '')
    .toLowerCase()
    .replace(/:.*$/su, '')
    .replace(/[. ]+$/u, '');
  return folded === '.git' || folded === 'git~1';
}

/** True when any component of a normal path is a `.git`. */
export function entersGit(path: string): boolean {
  return path.split('/').some(isGitName);
}
