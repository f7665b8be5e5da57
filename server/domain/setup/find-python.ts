import type { Folder, Part } from './source-tree.ts';
import { toolFolder } from './tool-places.ts';

/** pip, uv and poetry. Whatever makes it, the environment is `.venv` in the folder. */
export function findPython(folder: Folder): Part | null {
  const found = findInstall(folder);
  const test = findTests(folder, found === null ? 'python3' : '.venv/bin/python');
  if (found === null && test === null) return null;
  const { manager, install, lockfiles } = found ?? { manager: 'python', install: '', lockfiles: [] };
  const pytest = test?.endsWith('pytest') === true && manager === 'pip' && !mentions(folder, 'pytest');
  return {
    manager,
    install: pytest ? `${install}\n.venv/bin/python -m pip install pytest` : install,
    lockfiles,
    registries: found === null ? [] : ['pypi'],
    test,
    build: null,
    lint: found !== null && mentions(folder, 'ruff') ? '.venv/bin/python -m ruff check' : null,
  };
}

type Install = Pick<Part, 'manager' | 'install' | 'lockfiles'>;

function findInstall(folder: Folder): Install | null {
  if (folder.has('uv.lock')) {
    return { manager: 'uv', install: `${getTool('uv')}\nuv sync --frozen --all-extras`, lockfiles: ['uv.lock'] };
  }
  if (folder.has('poetry.lock') || /^\[tool\.poetry\]/mu.test(folder.text('pyproject.toml'))) {
    const lock = folder.has('poetry.lock') ? 'poetry.lock' : 'pyproject.toml';
    const install = `${getTool('poetry')}\npoetry install --no-interaction`;
    return { manager: 'poetry', install, lockfiles: [lock] };
  }
  return findPip(folder);
}

function findPip(folder: Folder): Install | null {
  const lists = requirements.filter((path) => folder.has(path));
  const packaged = /^\[(?:project|build-system)\]/mu.test(folder.text('pyproject.toml')) || folder.has('setup.py');
  if (lists.length === 0 && !packaged) return null;
  const lines = ['python3 -m venv .venv'];
  if (lists.length > 0) {
    lines.push(`.venv/bin/python -m pip install ${lists.map((path) => `-r ${path}`).join(' ')}`);
  }
  if (packaged) lines.push(`.venv/bin/python -m pip install -e '.${extrasOf(folder.text('pyproject.toml'))}'`);
  const manifests = ['pyproject.toml', 'setup.py', 'setup.cfg'].filter((path) => packaged && folder.has(path));
  return { manager: 'pip', install: lines.join('\n'), lockfiles: [...lists, ...manifests] };
}

const requirements = [
  ...['requirements.txt', 'requirements-dev.txt', 'requirements-test.txt', 'dev-requirements.txt'],
  ...['requirements/base.txt', 'requirements/dev.txt', 'requirements/test.txt'],
];

/** The optional dependencies by which projects name what their tests need. */
function extrasOf(pyproject: string): string {
  const section = pyproject.split(/^\[/mu).find((part) => part.startsWith('project.optional-dependencies]')) ?? '';
  const names = ['test', 'tests', 'testing', 'dev'].filter((name) => new RegExp(`^${name}\\s*=`, 'mu').test(section));
  return names.length > 0 ? `[${names.join(',')}]` : '';
}

function mentions(folder: Folder, name: string): boolean {
  return [...requirements, 'pyproject.toml', 'setup.py', 'setup.cfg', 'uv.lock', 'poetry.lock'].some((path) =>
    new RegExp(`(?:^|["'\\s[])${name}(?:$|["'\\s=<>~!;,[\\]])`, 'mu').test(folder.text(path)),
  );
}

function getTool(name: string): string {
  const own = `${toolFolder}/python`;
  return `command -v ${name} >/dev/null || { python3 -m venv ${own} && ${own}/bin/python -m pip install ${name}; }`;
}

const pytestMarks: [path: string, mark: RegExp][] = [
  ['pyproject.toml', /^\[tool\.pytest/mu],
  ['setup.cfg', /^\[tool:pytest\]/mu],
  ['tox.ini', /^\[pytest\]/mu],
];

function findTests(folder: Folder, python: string): string | null {
  const pytest = `${python} -m pytest`;
  if (folder.has('pytest.ini') || folder.paths.some((path) => /(?:^|\/)conftest\.py$/u.test(path))) return pytest;
  if (pytestMarks.some(([path, mark]) => mark.test(folder.text(path)))) return pytest;
  const test = firstPythonTest(folder.paths);
  if (test === undefined) return null;
  const unittest = /^\s*(?:import|from) unittest\b/mu.test(folder.text(test));
  return unittest ? `${python} -m unittest discover` : pytest;
}

export function firstPythonTest(paths: readonly string[]): string | undefined {
  return paths.find((path) => /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/u.test(path));
}
