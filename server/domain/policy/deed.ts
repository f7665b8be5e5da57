import type { BrowserAct, ExternalWrite, GateFacts, Level, WriteWay } from './action.ts';

export const commandTraits = [
  'unreadable',
  'unread',
  'download-and-run',
  'git-config',
  'repo-command',
  'tool-chain',
  'downloads',
  'publishes',
] as const;
export type CommandTrait = (typeof commandTraits)[number];

export const effects = [
  'test-weakened',
  'test-added',
  'version-changed',
  'new-dependency',
  'destructive-migration',
  'secret-inside',
] as const;
export type Effect = (typeof effects)[number];

/** Where a request goes: a package registry that is open, a host on the role's list, inside somebody's network, or anywhere else. */
export const networkPlaces = ['registry', 'listed', 'private', 'other'] as const;
export type NetworkPlace = (typeof networkPlaces)[number];

/** One word of a command; null where only running it would tell. */
export type CommandWord = string | null;

type Facts = {
  command: { words: readonly CommandWord[]; traits: readonly CommandTrait[]; note: string; offline: boolean };
  read: { path: string };
  write: { path: string; way: WriteWay; effects: readonly Effect[] };
  network: { host: string; method: string; place: NetworkPlace; bytesOut: number; tainted: boolean };
  git: { act: 'push' | 'force' | 'tag' | 'delete'; ref: string; own: boolean };
  mcp: { tool: string; effect: 'reads' | 'writes' | 'destroys'; changed: boolean };
  browser: { act: BrowserAct };
  external: { what: ExternalWrite; nth: number; conduct: Level };
  spend: { what: 'raise' | 'start'; times: number; percent: number; progress: boolean; offHours: boolean };
  model: { model: string; listed: boolean };
  gate: GateFacts;
  handoff: { lines: number; files: number };
};

export type DeedKind = keyof Facts;

/** One thing that an action would do. An action is allowed when all of its deeds are. */
export type Deed<K extends DeedKind = DeedKind> = { [Each in K]: { on: Each } & Facts[Each] }[K];

const shown = (text: string) => (text.length > 160 ? `${text.slice(0, 160)}…` : text);

const words: { [K in DeedKind]: (deed: Deed<K>) => string } = {
  command: ({ words: each, note }) =>
    each.length === 0
      ? note
      : `\`${shown(each.map((word) => word ?? '…').join(' '))}\`${note === '' ? '' : ` (${note})`}`,
  read: ({ path }) => `Reading \`${shown(path)}\``,
  write: ({ path, effects: made }) => `Writing \`${shown(path)}\`${made.length === 0 ? '' : ` (${made.join(', ')})`}`,
  network: ({ host, method }) => `${method} to ${shown(host)}`,
  git: ({ act, ref }) => `${act} of \`${shown(ref)}\``,
  mcp: ({ tool }) => `The tool \`${shown(tool)}\``,
  browser: ({ act }) => `The browser (${act})`,
  external: ({ what }) => `Writing to others (${what})`,
  spend: ({ what }) => (what === 'raise' ? 'Raising a budget' : 'Starting'),
  model: ({ model }) => `The model ${shown(model)}`,
  gate: ({ gate, what }) => (what ? shown(what) : `The ${gate}`),
  handoff: () => 'Handing over',
};

/** The deed as the beginning of a sentence. */
export function deedInWords(deed: Deed): string {
  return (words[deed.on] as (deed: Deed) => string)(deed);
}
