/** `role` holds globs and path classes; `taskScope` globs or plain paths. An empty list allows nothing. */
export type WriteScope = { role: { include: string[]; exclude: string[] }; taskScope: string[] };

/** A plain path in a scope covers the file of that name or all below the folder. */
export function entryGlobs(entry: string): string[] {
  const path = entry.replace(/^\.\//, '').replace(/\/+$/, '');
  return /[*?{]/.test(path) ? [path] : [path, `${path}/**`];
}

const listed = (globs: readonly string[]) => globs.map((glob) => `\`${glob}\``).join(', ') || 'nothing';

/** What a role may write, in words: "everything except @ci, @infra". */
export function writeScopeInWords({ include, exclude }: WriteScope['role']): string {
  if (include.length === 0) return 'nothing';
  const all = include.includes('**') ? 'everything' : listed(include);
  return exclude.length === 0 ? all : `${all} except ${listed(exclude)}`;
}
