import { isGitName } from './work-path.ts';

/**
 * Lists what some file system could take for a repository of git, and perhaps more: `gitNamesIn` reads its answer. Folders
 * of installed packages are not entered; nothing in them is ever committed.
 */
export const findGitNames =
  "LC_ALL=C find . -xdev -name node_modules -prune -o \\( -iname '*g*i*t*' -o -name '*[! -~]*' \\) -print0";

export function gitNamesIn(output: Uint8Array): string[] {
  return Buffer.from(output)
    .toString('utf8')
    .split('\0')
    .map((path) => path.replace(/^\.\//u, ''))
    .filter((path) => isGitName(path.slice(path.lastIndexOf('/') + 1)) && !path.includes('\ufffd'));
}
