import { compileGlobs, globProblem } from '../../scope/glob.ts';
import { isInClass } from '../../scope/path-classes.ts';
import { workPath } from '../../scope/work-path.ts';

/** A path of a command as it lies under the work tree; null where that cannot be told or is outside. */
export function placeIn(folder: string | null, path: string): string | null {
  if (path.startsWith('/')) return workPath(path);
  if (path.startsWith('~')) return null;
  return workPath(folder === null || folder === '' ? path : `${folder}/${path}`);
}

const secretNames = [
  '.env',
  '.env.local',
  '.env.production',
  'id_rsa',
  'id_ed25519',
  'credentials',
  'credentials.json',
  '.netrc',
  'key.pem',
  'server.key',
  '.git-credentials',
];

/** `*.json` and `i*` are about other files; `*.pem`, `id_*` and `cred*` are not. */
const speaksOf = (pattern: string, name: string) =>
  name.startsWith('.') || /\.(?:key|pem)$/u.test(pattern) || pattern.slice(0, 3) === name.slice(0, 3);

/** A name of secrets that a glob would take in, or null. */
export function secretLike(written: string): string | null {
  // Of a bracket only that it stands for one character.
  const glob = written.replaceAll(/\[[^\]/]+\]/gu, '?');
  if (globProblem(glob) !== null) return null;
  if (isInClass('@secrets', `${glob.slice(0, glob.lastIndexOf('/') + 1)}x`)) return glob;
  const [name = ''] = glob.split('/').slice(-1);
  const matches = compileGlobs([name]);
  const folder = glob.slice(0, glob.length - name.length);
  // A plain `*` leaves dot files out, as the shell does.
  const found = secretNames.find(
    (each) => (name.startsWith('.') || !each.startsWith('.')) && speaksOf(name, each) && matches(each),
  );
  return found === undefined ? null : `${folder.includes('*') ? '' : folder}${found}`;
}
