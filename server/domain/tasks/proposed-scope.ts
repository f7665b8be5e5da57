/** Where work on a repo usually happens, by the names that the common layouts give these folders. */
const usual = [
  ...['src', 'lib', 'app', 'apps', 'packages', 'server', 'client', 'components', 'pages', 'cmd', 'internal', 'pkg'],
  ...['test', 'tests', '__tests__', 'spec', 'e2e', 'docs', 'doc'],
];
const source = usual.slice(0, usual.indexOf('test'));
const neverWork = ['node_modules', 'vendor', 'dist', 'build', 'target', 'coverage'];
const most = 12;

/**
 * What a task in this repo may probably write, from the folders at its root: the usual ones for code, tests and
 * documents, else every folder that is neither hidden nor generated, else the files at the root. Never the whole repo: a
 * person widens it on purpose.
 */
export function proposedScope(folders: readonly string[]): string[] {
  const known = usual.filter((name) => folders.includes(name));
  const visible = folders.filter((name) => !name.startsWith('.') && !neverWork.includes(name) && !/[*?{},]/.test(name));
  const chosen = known.some((name) => source.includes(name)) ? known : visible;
  return chosen.length === 0 ? ['*'] : chosen.slice(0, most).map((name) => `${name}/**`);
}
