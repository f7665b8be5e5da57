import { compileGlobs, globProblem } from '../../scope/glob.ts';
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

/** A name of secrets that a glob would take in, or null. */
export function secretLike(glob: string): string | null {
  if (globProblem(glob) !== null) return null;
  const [name = ''] = glob.split('/').slice(-1);
  const matches = compileGlobs([name]);
  const folder = glob.slice(0, glob.length - name.length);
  // A plain `*` leaves dot files out, as the shell does.
  const found = secretNames.find(
    (each) => (name.startsWith('.') || !each.startsWith('.')) && name !== '*' && matches(each),
  );
  return found === undefined ? null : `${folder.includes('*') ? '' : folder}${found}`;
}
