import { describe, expect, it, test } from 'vitest';
import { findSetup, textsWanted } from './find-setup.ts';

type Files = Record<string, string>;

function find(files: Files) {
  const paths = Object.keys(files);
  return findSetup({ paths, texts: new Map(textsWanted(paths).map((path) => [path, files[path]!])) });
}

const json = (value: object) => JSON.stringify(value);
const getPip = (name: string) =>
  `command -v ${name} >/dev/null || { python3 -m venv /work/.fleet-setup/python && ` +
  `/work/.fleet-setup/python/bin/python -m pip install ${name}; }`;
const getNpm = (name: string, spec: string) =>
  `command -v ${name} >/dev/null || npm install --no-save --prefix /work/.fleet-setup ${spec}`;

type Found = { managers: string[]; install: string; lockfiles: string[]; registries: string[]; test: string | null };

test.each<[string, Files, Found]>([
  [
    'npm with a lockfile',
    { 'package.json': json({ scripts: { test: 'x' }, dependencies: { a: '1' } }), 'package-lock.json': '{}' },
    {
      managers: ['npm'],
      install: 'npm ci',
      lockfiles: ['package-lock.json'],
      registries: ['npm'],
      test: 'npm test',
    },
  ],
  [
    'npm without one',
    { 'package.json': json({ devDependencies: { a: '1' } }), '.npmrc': '' },
    {
      managers: ['npm'],
      install: 'npm install --no-package-lock',
      lockfiles: ['package.json', '.npmrc'],
      registries: ['npm'],
      test: null,
    },
  ],
  [
    'npm without dependencies',
    { 'package.json': json({ scripts: { test: 'node --test' } }) },
    { managers: ['npm'], install: '', lockfiles: [], registries: [], test: 'npm test' },
  ],
  [
    'pnpm by its named version',
    {
      'package.json': json({ scripts: { test: 'x' }, packageManager: 'pnpm@9.1.0+sha512.abc' }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'pnpm-workspace.yaml': '',
    },
    {
      managers: ['pnpm'],
      install: `${getNpm('pnpm', 'pnpm@9.1.0')}\npnpm install --frozen-lockfile`,
      lockfiles: ['pnpm-lock.yaml', 'pnpm-workspace.yaml'],
      registries: ['npm'],
      test: 'pnpm test',
    },
  ],
  [
    'pnpm by an old lockfile, and a version that is none',
    { 'package.json': json({ packageManager: 'pnpm@1; rm -rf /' }), 'pnpm-lock.yaml': "lockfileVersion: '6.0'\n" },
    {
      managers: ['pnpm'],
      install: `${getNpm('pnpm', 'pnpm@8')}\npnpm install --frozen-lockfile`,
      lockfiles: ['pnpm-lock.yaml'],
      registries: ['npm'],
      test: null,
    },
  ],
  [
    'yarn, the classic one',
    { 'package.json': json({ scripts: { test: 'x' } }), 'yarn.lock': '# yarn lockfile v1\n' },
    {
      managers: ['yarn'],
      install: `${getNpm('yarn', 'yarn@1.22.22')}\nyarn install --frozen-lockfile`,
      lockfiles: ['yarn.lock'],
      registries: ['npm'],
      test: 'yarn test',
    },
  ],
  [
    'yarn, the modern one',
    { 'package.json': json({ packageManager: 'yarn@4.5.1' }), 'yarn.lock': '__metadata:\n', '.yarnrc.yml': '' },
    {
      managers: ['yarn'],
      install: `${getNpm('yarn', '@yarnpkg/cli-dist@4.5.1')}\nyarn install --immutable`,
      lockfiles: ['yarn.lock', '.yarnrc.yml'],
      registries: ['npm'],
      test: null,
    },
  ],
  [
    'pip with lists, and pytest that they do not name',
    { 'requirements.txt': 'flask==3\n', 'tests/conftest.py': '' },
    {
      managers: ['pip'],
      install:
        'python3 -m venv .venv\n.venv/bin/python -m pip install -r requirements.txt\n.venv/bin/python -m pip install pytest',
      lockfiles: ['requirements.txt'],
      registries: ['pypi'],
      test: '.venv/bin/python -m pytest',
    },
  ],
  [
    'pip with a project of its own',
    {
      'pyproject.toml':
        '[project]\nname = "a"\n[project.optional-dependencies]\ntest = ["pytest>=8"]\n[tool.pytest.ini_options]\ndev = 1\n',
    },
    {
      managers: ['pip'],
      install: "python3 -m venv .venv\n.venv/bin/python -m pip install -e '.[test]'",
      lockfiles: ['pyproject.toml'],
      registries: ['pypi'],
      test: '.venv/bin/python -m pytest',
    },
  ],
  [
    'uv',
    { 'pyproject.toml': '[project]\n[tool.pytest.ini_options]\n', 'uv.lock': '' },
    {
      managers: ['uv'],
      install: `${getPip('uv')}\nuv sync --frozen --all-extras`,
      lockfiles: ['uv.lock'],
      registries: ['pypi'],
      test: '.venv/bin/python -m pytest',
    },
  ],
  [
    'poetry',
    { 'pyproject.toml': '[tool.poetry]\nname = "a"\n', 'poetry.lock': '', 'tests/test_a.py': 'import unittest\n' },
    {
      managers: ['poetry'],
      install: `${getPip('poetry')}\npoetry install --no-interaction`,
      lockfiles: ['poetry.lock'],
      registries: ['pypi'],
      test: '.venv/bin/python -m unittest discover',
    },
  ],
  [
    'go',
    { 'go.mod': 'module a\n\nrequire b v1.0.0\n', 'go.sum': '' },
    {
      managers: ['go'],
      install: 'go mod download',
      lockfiles: ['go.mod', 'go.sum'],
      registries: ['go'],
      test: 'go test ./...',
    },
  ],
  [
    'go with its dependencies in the repo',
    { 'go.mod': 'module a\n\nrequire b v1.0.0\n', 'vendor/modules.txt': '' },
    { managers: ['go'], install: '', lockfiles: [], registries: [], test: 'go test ./...' },
  ],
  [
    'cargo',
    { 'Cargo.toml': '[package]\n', 'Cargo.lock': 'source = "registry+https://github.com/rust-lang/crates.io-index"\n' },
    {
      managers: ['cargo'],
      install: 'cargo fetch --locked',
      lockfiles: ['Cargo.lock'],
      registries: ['crates'],
      test: 'cargo test --offline --locked',
    },
  ],
  [
    'cargo without dependencies',
    { 'Cargo.toml': '[package]\n' },
    { managers: ['cargo'], install: '', lockfiles: [], registries: [], test: 'cargo test --offline' },
  ],
  [
    'maven with modules',
    { 'pom.xml': '<project/>', 'core/pom.xml': '<project/>', mvnw: '' },
    {
      managers: ['maven'],
      install: './mvnw -B -q dependency:go-offline',
      lockfiles: ['pom.xml', 'core/pom.xml'],
      registries: ['maven'],
      test: './mvnw -B -o test',
    },
  ],
  [
    'several at the root',
    {
      'package.json': json({ scripts: { test: 'x' }, dependencies: { a: '1' } }),
      'package-lock.json': '{}',
      'requirements.txt': 'pytest\n',
      Makefile: 'test:\n',
    },
    {
      managers: ['npm', 'pip'],
      install: 'npm ci\npython3 -m venv .venv\n.venv/bin/python -m pip install -r requirements.txt',
      lockfiles: ['package-lock.json', 'requirements.txt'],
      registries: ['npm', 'pypi'],
      test: 'npm test',
    },
  ],
  [
    'several side by side',
    {
      'web/package.json': json({ scripts: { test: 'x' }, dependencies: { a: '1' } }),
      'web/package-lock.json': '{}',
      'my api/go.mod': 'module a\n',
      'deep/down/package.json': '{}',
    },
    {
      managers: ['npm', 'go'],
      install: '(cd web && npm ci)',
      lockfiles: ['web/package-lock.json'],
      registries: ['npm'],
      test: "(cd web && npm test) && (cd 'my api' && go test ./...)",
    },
  ],
  ['make alone', { Makefile: 'test: all\n' }, none({ test: 'make test' })],
  ['a make variable', { Makefile: 'test := x\nlatest:\n' }, none({})],
  [
    'what npm init writes',
    { 'package.json': json({ scripts: { test: 'echo "Error: no test specified"' } }) },
    none({ managers: ['npm'] }),
  ],
  ['a manifest that is no JSON', { 'package.json': '{' }, none({ managers: ['npm'] })],
  ['a manifest that is a list', { 'package.json': 'null' }, none({ managers: ['npm'] })],
  [
    'plain python tests',
    { 'a_test.py': 'def test_a(): pass\n' },
    none({ managers: ['python'], test: 'python3 -m pytest' }),
  ],
  ['nothing', { 'readme.md': 'x' }, none({})],
])('%s', (_, files, expected) => {
  const { managers, setup, testCommand } = find(files);
  const { install, lockfiles, registries } = setup;
  expect({ managers, install, lockfiles, registries, test: testCommand }).toEqual(expected);
});

function none(but: Partial<Found>): Found {
  return { managers: [], install: '', lockfiles: [], registries: [], test: null, ...but };
}

describe('what a repo declares', () => {
  const npm = { 'package.json': json({ scripts: { test: 'x' } }), 'package-lock.json': '{}' };

  it('goes before what was concluded, name by name', () => {
    const service = { name: 'db', command: 'postgres -D /tmp/db', port: 5432 };
    const declared = { test: 'make check', services: [service], tests: [{ paths: ['web/**'], command: 'make web' }] };
    const found = find({ ...npm, '.fleet/environment.json': json(declared) });
    expect(found).toMatchObject({ declaredIn: '.fleet/environment.json', problem: null, testCommand: 'make check' });
    expect(found.setup).toMatchObject({ install: 'npm ci', lockfiles: ['package-lock.json'], registries: ['npm'] });
    expect(found.setup.services).toEqual([{ ...service, image: null, env: {}, health: null }]);
  });

  it.each([
    ['{', /not followed/],
    [json({ instal: 'x' }), /instal/],
    [json({ registries: ['everything'] }), /registries/],
    [json({ lockfiles: ['../../etc/passwd'] }), /below the root/],
    [json({ tests: [{ paths: ['/etc/**'], command: 'x' }] }), /leaves the repository/],
    [json({ services: [{ name: 'db', port: 1 }] }), /a command or an image/],
    [json({ services: [{ name: 'db', command: 'x', port: 99_999 }] }), /port/],
  ])('is not followed where it is wrong: %s', (text, why) => {
    const found = find({ ...npm, '.fleet/environment.json': text });
    expect(found).toMatchObject({ declaredIn: '.fleet/environment.json', testCommand: 'npm test' });
    expect(found.problem).toMatch(why);
    expect(found.setup.install).toBe('npm ci');
  });

  it('of a devcontainer is a hint, comments and all', () => {
    const text = '{\n// set up\n"postCreateCommand": "make deps // all", /* x */ "forwardPorts": [1,],\n}';
    const found = find({ 'main.c': '', '.devcontainer/devcontainer.json': text });
    expect(found).toMatchObject({ declaredIn: '.devcontainer/devcontainer.json' });
    expect(found.setup.install).toBe('make deps // all');
    expect(find({ 'main.c': '', '.devcontainer.json': '{"postCreateCommand":["a"]}' }).declaredIn).toBeNull();
  });
});
