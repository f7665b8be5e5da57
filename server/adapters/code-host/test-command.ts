type Read = (path: string) => Promise<string>;

/** The command that runs a repository's tests, from its files; null when nothing tells. `read` gives '' for no file. */
export async function findTestCommand(paths: string[], read: Read): Promise<string | null> {
  const has = new Set(paths);
  if (has.has('package.json') && hasTestScript(await read('package.json'))) return 'npm test';
  for (const name of ['Makefile', 'makefile', 'GNUmakefile']) {
    if (has.has(name) && /^test\s*:(?!=)/mu.test(await read(name))) return 'make test';
  }
  return findPythonTests(paths, has, read);
}

function hasTestScript(manifest: string): boolean {
  try {
    const script = (JSON.parse(manifest) as { scripts?: { test?: unknown } }).scripts?.test;
    // What `npm init` writes is the absence of tests.
    return typeof script === 'string' && script.trim() !== '' && !script.includes('no test specified');
  } catch {
    return false;
  }
}

const pytestMarks: [path: string, mark: RegExp][] = [
  ['pyproject.toml', /^\[tool\.pytest/mu],
  ['setup.cfg', /^\[tool:pytest\]/mu],
  ['tox.ini', /^\[pytest\]/mu],
];

async function findPythonTests(paths: string[], has: Set<string>, read: Read): Promise<string | null> {
  if (has.has('pytest.ini') || paths.some((path) => /(?:^|\/)conftest\.py$/u.test(path))) return 'python3 -m pytest';
  for (const [path, mark] of pytestMarks) if (has.has(path) && mark.test(await read(path))) return 'python3 -m pytest';
  const test = paths.find((path) => /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/u.test(path));
  if (test === undefined) return null;
  return /^\s*(?:import|from) unittest\b/mu.test(await read(test))
    ? 'python3 -m unittest discover'
    : 'python3 -m pytest';
}
