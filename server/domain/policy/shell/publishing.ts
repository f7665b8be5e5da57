import type { CommandWord } from '../deed.ts';
import { commandsAt, isOption, plainly } from './subcommands.ts';

const words = (text: string) => text.split(/\s*\|\s*|\s*\n\s*/u).filter(Boolean);

/** Programs that put something before the world, and their commands that do, or that say who does. None: all they do is that. */
const publishers: Record<string, readonly string[]> = {
  npm: words(`publish|unpublish|stage|login|adduser|add-user|logout|token|owner|author|deprecate|undeprecate|dist-tag|dist-tags
    access|profile|team|org|ogr|trust|hook|star|unstar`),
  pnpm: words('publish|unpublish|login|adduser|logout|token|owner|deprecate|undeprecate|dist-tag|access|star|unstar'),
  yarn: words('publish|login|logout|owner|tag|team|access|npm publish|npm unpublish|npm login|npm logout|npm tag'),
  bun: ['publish'],
  deno: ['publish'],
  jsr: ['publish'],
  lerna: ['publish'],
  nx: ['publish', 'release'],
  changeset: ['publish'],
  np: [],
  'release-it': [],
  'semantic-release': [],
  cargo: words('publish|yank|owner|login|logout|release'),
  twine: words('upload|register'),
  poetry: ['publish'],
  uv: ['publish'],
  pdm: ['publish'],
  flit: ['publish'],
  hatch: ['publish'],
  setup: words('upload|register'),
  gem: words('push|yank|owner|signin|signout'),
  rake: ['release'],
  docker: words('push|login|logout|image push|manifest push|compose push|plugin push|trust sign'),
  podman: words('push|login|logout|image push|manifest push'),
  buildah: words('push|login|logout|manifest push'),
  skopeo: words('copy|sync|delete|login|logout'),
  crane: words('push|copy|cp|delete|tag|append|mutate|auth'),
  oras: words('push|copy|cp|attach|tag|login|logout'),
  helm: words('push|registry login'),
  mvn: words('deploy|deploy:deploy|deploy:deploy-file|release:perform'),
  dotnet: words('nuget push|nuget delete'),
  nuget: words('push|delete|setapikey'),
  vsce: words('publish|unpublish|login'),
  ovsx: words('publish|login'),
  goreleaser: words('release|publish|continue'),
  pod: words('trunk push|trunk register|repo push'),
  mix: words('hex.publish|hex.owner|hex.retire'),
  dart: ['pub publish'],
  flutter: ['pub publish'],
};

/** They take several commands one after the other. */
const takesMany = new Set(['mvn', 'rake', 'setup']);

/** What npm takes these for is something else, although a word above begins with them. */
const otherOfNpm = new Set(words('ad|add|st|sta|star|te|un|de|lo|log'));

const looksAround = new Set(words('help|version|completion|search|status|browse'));
const looks = new Set(words('list|ls|view|status|diff|checks|clone|download|checkout|browse|watch|search|verify'));
const sends = /^(?:-[XfF]|--(?:method|field|raw-field|input|form)(?:=|$))/u;

/** Of a program that speaks for a person at a code host: whether it does more than look. */
function speaks(args: readonly CommandWord[]): boolean {
  if (args.includes('--help')) return false;
  return commandsAt(args).some((at) => {
    const [group = null, verb] = args.slice(at).filter((word) => !isOption(word));
    if (group === null || looksAround.has(group)) return false;
    if (group === 'api') return args.some((word) => word === null || sends.test(word));
    return verb !== undefined && (verb === null || !looks.has(verb));
  });
}

/** `npm distTag`, `npm publ`: it takes the beginning of a command for the command. */
function isMeantByNpm(said: string, meant: string): boolean {
  const plain = said.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  return plain === meant || (plain.length > 1 && !otherOfNpm.has(plain) && meant.startsWith(plain));
}

function isSaid(name: string, said: readonly CommandWord[], command: string): boolean {
  return command.split(' ').every((part, at) => {
    const word = said[at];
    return word === part || (name === 'npm' && typeof word === 'string' && isMeantByNpm(word, part));
  });
}

/** Behind `yarn workspace app`, `yarn workspaces foreach`, and their like stands a command as if they were not there. */
const within: Record<string, RegExp> = {
  yarn: /^(?:workspace|workspaces|foreach|all)$/u,
  pnpm: /^(?:recursive|multi|m)$/u,
};

function commandsOf(name: string, args: readonly CommandWord[]): CommandWord[][] {
  const plain = (at: number) => args.slice(at).filter((word) => !isOption(word));
  return commandsAt(args).flatMap((at) => {
    const said = plain(at);
    return within[name]?.test(said[0] ?? '') ? [said.slice(1), said.slice(2)] : [said];
  });
}

/** Whether a command puts something before the world, or speaks in somebody's name: packages, images, releases, accounts. */
export function isPublishing(command: readonly CommandWord[]): boolean {
  const { name, args } = plainly(command);
  if (name === 'gh' || name === 'glab') return speaks(args);
  if (/^gradlew?$/u.test(name)) return args.some((word) => /^(?:.*:)?publish(?!.*ToMavenLocal)/u.test(word ?? ''));
  if (!Object.hasOwn(publishers, name)) return false;
  if (name === 'docker' && args.includes('--push')) return true;
  const commands = publishers[name]!;
  if (commands.length === 0) return !args.some((word) => /^(?:--version|--help|-h|-v)$/u.test(word ?? ''));
  if (takesMany.has(name)) return commands.some((each) => args.includes(each));
  return commandsOf(name, args).some((said) => commands.some((each) => isSaid(name, said, each)));
}

/** Whether a program's first words, and not its name, say what it does. */
export const hasCommands = (name: string) =>
  name === 'git' || name === 'gh' || name === 'glab' || (Object.hasOwn(publishers, name) && !takesMany.has(name));

/** Why it cannot be told whether a command publishes, or null. */
export function whyCommandHides(command: readonly CommandWord[]): string | null {
  const { name, args } = plainly(command);
  if (!hasCommands(name) || !commandsAt(args).some((at) => args[at] === null)) return null;
  return `which command of ${name} it is only running it would tell`;
}
