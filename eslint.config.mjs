import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';

/** A folder is a layer is an element: the import table of ARCHITECTURE.md, as data. */
const folders = {
  config: 'server/config',
  domain: 'server/domain',
  db: 'server/db',
  auth: 'server/auth',
  boot: 'server/boot',
  services: 'server/services',
  agent: 'server/agent',
  adapters: 'server/adapters',
  api: 'server/api',
  bus: 'inngest/bus',
  worker: 'inngest/{functions,runtime}',
  engine: 'inngest/local',
  ui: 'components',
  route: 'app',
  cli: 'cli',
  testing: 'server/testing',
  e2e: 'e2e',
  bench: 'bench',
  attack: 'attack',
  scripts: 'scripts',
};

const may = {
  domain: [],
  config: ['domain'],
  db: ['config', 'domain'],
  bus: ['config'],
  auth: ['config', 'db', 'domain'],
  services: ['domain', 'db', 'bus'],
  agent: ['domain'],
  adapters: ['config', 'domain'],
  api: ['auth', 'services', 'db', 'domain', 'adapters', 'bus', 'config'],
  worker: ['bus', 'agent', 'adapters', 'services', 'domain', 'db', 'config'],
  engine: ['config', 'db', 'domain'],
  boot: ['config', 'db', 'domain'],
  ui: ['domain'],
  route: ['ui', 'domain', 'api', 'auth', 'config'],
  cli: ['domain', 'boot', 'config', 'auth', 'adapters', 'db'],
  testing: ['config', 'db', 'domain', 'services', 'api', 'auth', 'boot', 'bus'],
  scripts: ['config', 'db', 'engine', 'boot', 'testing', 'domain'],
  bench: [
    'config',
    'db',
    'engine',
    'boot',
    'testing',
    'domain',
    'agent',
    'adapters',
    'worker',
    'bus',
    'services',
    'cli',
    'api',
  ],
  attack: ['adapters', 'agent', 'api', 'bench', 'boot', 'db', 'domain', 'scripts', 'testing', 'worker'],
  e2e: ['config', 'db', 'domain', 'testing', 'boot', 'adapters', 'cli'],
};
const typesOnly = { ui: ['api'], cli: ['api'], e2e: ['api'] };

const is = (...type) => ({ element: { type } });
const policies = [
  ...Object.entries(may).map(([from, to]) => ({ from: is(from), allow: { to: is(from, ...to) } })),
  ...Object.entries(typesOnly).map(([from, to]) => ({
    from: is(from),
    allow: { to: is(...to), dependency: { kind: 'type' } },
  })),
];

/** Next wants its instrumentation and its proxy at the root; what it may import is in .dependency-cruiser.cjs. */
const rootFiles = ['*.config.ts', 'instrumentation*.ts', 'proxy.ts'];

const noEnv = { object: 'process', property: 'env', message: 'Read the environment through server/config.' };
const noClock = { object: 'Date', property: 'now', message: 'Pure code is handed `now`.' };
const noDice = { object: 'Math', property: 'random', message: 'Pure code is handed ids.' };
const noNewDate = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'Pure code is handed `now`.',
};

const noWeakness = {
  selector: 'CallExpression[callee.name=/^(localSandbox|gitCodeHost)$/][arguments.length>1]',
  message: 'Weakened walls are for experiments of the attack suite only.',
};

export default tseslint.config(
  {
    ignores: [
      'node_modules/**',
      '.next/**',
      'server/db/generated/**',
      'next-env.d.ts',
      'samples/**',
      '.fleet-data/**',
      '.cache/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    ignores: rootFiles,
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx', '.mjs'] } },
      'boundaries/elements': Object.entries(folders).map(([type, dir]) => ({
        type,
        pattern: `${dir}/**`,
        partialMatch: false,
      })),
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      'no-restricted-properties': ['error', noEnv],
      'no-restricted-syntax': ['error', noWeakness],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: [...rootFiles, '**/*.test.ts', 'server/testing/**', '**/testing/**', 'e2e/**'],
    rules: {
      'boundaries/dependencies': ['error', { default: 'disallow', policies }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: false, skipComments: false }],
    },
  },
  { files: ['attack/**', 'server/adapters/**/*.test.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['server/config/**'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['server/domain/**', 'server/agent/**', 'server/services/**'],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-properties': ['error', noEnv, noClock, noDice],
      'no-restricted-syntax': ['error', noNewDate],
    },
  },
);
