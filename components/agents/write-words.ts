/** What a role may write: `src/** except @ci, @infra`, or `nothing`. Globs with `!` are the exceptions. */
export function writeWords(globs: readonly string[]): string {
  const except = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const include = globs.filter((glob) => !glob.startsWith('!'));
  if (include.length === 0) return 'nothing';
  return except.length === 0 ? include.join(', ') : `${include.join(', ')} except ${except.join(', ')}`;
}
