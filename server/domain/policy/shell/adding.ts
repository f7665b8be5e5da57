import type { CommandWord } from '../deed.ts';
import { commandsAt, isOption, plainly } from './subcommands.ts';

const words = (text: string) => text.split(/\s+/u);

type Manager = {
  /** Its words for adding. */
  adds: readonly string[];
  /** The list that it writes the name into; null where it keeps none, and what it fetches is there to be run. */
  manifest: string | null;
  /** Options whose value names no package. */
  valued: readonly string[];
};

const npmValued =
  words(`--prefix -C --workspace -w --registry --cache --tag --loglevel --omit --include --userconfig --before
  --install-strategy --cpu --os --libc --script-shell --dir --filter -F --cwd --store-dir`);
const pipValued =
  words(`-r --requirement -e --editable -c --constraint -t --target -i --index-url --extra-index-url -f --find-links
  --python --prefix --root --cache-dir --platform --python-version --implementation --abi --only-binary --no-binary --progress-bar
  --report --proxy --timeout --retries --trusted-host --src --log -C --config-settings --group --upgrade-strategy --directory
  --project --optional --source -G --extra`);

const npm: Manager = {
  adds: words('install i in ins inst insta instal isnt isnta isntal isntall add install-test it create init innit dlx'),
  manifest: 'package.json',
  valued: npmValued,
};
const pip: Manager = { adds: ['install'], manifest: null, valued: pipValued };
const python = (...adds: string[]): Manager => ({ adds, manifest: 'pyproject.toml', valued: pipValued });

const managers: Record<string, Manager> = {
  npm,
  pnpm: npm,
  bun: npm,
  yarn: { ...npm, adds: ['add', 'global add', 'create', 'dlx'] },
  pip,
  pip3: pip,
  pipx: { ...pip, adds: ['install', 'inject', 'run'] },
  uv: python('add', 'pip install', 'tool install', 'tool run'),
  poetry: python('add'),
  pdm: python('add'),
  pipenv: { adds: ['install'], manifest: 'Pipfile', valued: pipValued },
  cargo: {
    adds: ['add', 'install'],
    manifest: 'Cargo.toml',
    valued: words('-F --features --manifest-path -p --package --path --root --target --rename --profile -j'),
  },
  go: { adds: ['get'], manifest: 'go.mod', valued: words('-C -modfile -tags') },
  bundle: { adds: ['add'], manifest: 'Gemfile', valued: words('--version -v --group -g --source -s --path') },
  gem: { adds: ['install', 'i'], manifest: null, valued: words('-v --version -s --source -i -g --file') },
  composer: { adds: ['require'], manifest: 'composer.json', valued: words('-d --working-dir') },
};

/** What these fetch goes into no list of the project. */
const keptNowhere = new Set([
  'create',
  'init',
  'innit',
  'dlx',
  'global add',
  'pip install',
  'tool install',
  'tool run',
]);
const apart = /^(?:--no-save|-g|--global|--location=global)$/u;

/** A folder of the project is nobody else's package. */
const isOwn = (word: CommandWord) =>
  word !== null && /^\.{1,2}(?:\/|$|\[)/u.test(word) && !/\.(?:tgz|gz|whl|zip)$/u.test(word);

function namedIn(args: readonly CommandWord[], valued: readonly string[]): CommandWord[] {
  return args.filter((word, at) => !isOption(word) && !valued.includes(args[at - 1] ?? ''));
}

/** `npx tool` is what the project has; `npx tool@1` and `npx -p tool` may be what it has not. */
function isFetched(name: string, args: readonly CommandWord[]): boolean {
  if (name === 'uvx') return args.some((word) => !isOption(word));
  if (name !== 'npx' && name !== 'bunx') return false;
  const [at = args.length] = commandsAt(args);
  return args
    .slice(0, at + 1)
    .some((word) => /^(?:-p|--package(?:=.*)?|(?:@[^/]+\/)?[^@-][^@]*@.+)$/u.test(word ?? ''));
}

/**
 * What a command adds that the project may not have: the list that the name goes into, or null for what is fetched and kept in
 * none. Undefined where it adds nothing by name, like `npm ci`: what lockfiles name is looked at in the lockfile.
 */
export function addedBy(command: readonly CommandWord[]): string | null | undefined {
  const { name, args } = plainly(command);
  if (isFetched(name, args)) return null;
  if (!Object.hasOwn(managers, name)) return undefined;
  const { adds, manifest, valued } = managers[name]!;
  for (const at of commandsAt(args)) {
    const named = namedIn(args.slice(at), valued);
    const said = adds.find((add) => add.split(' ').every((part, index) => named[index] === part));
    if (said === undefined) continue;
    if (named.slice(said.split(' ').length).every(isOwn)) return undefined;
    const isKept = !keptNowhere.has(said) && !args.some((word) => apart.test(word ?? ''));
    return isKept && !(name === 'cargo' && said === 'install') ? manifest : null;
  }
  return undefined;
}
