import { put } from '../../server/adapters/code-host/git-rig.ts';
import type { Case } from '../case.ts';
import { configure, treeRound, undisturbed, wholeRound, type GitPlace } from '../places/git-place.ts';

type ConfigCase = {
  id: string;
  tries: string;
  config: (place: GitPlace) => string;
  hooks?: (place: GitPlace) => Record<string, string>;
  /** Further files in the work tree. */
  files?: (place: GitPlace) => Record<string, string>;
  /** Where the remote is, if not behind HTTP. */
  by?: 'path';
  /** Harmless configuration of the same kind, which an honest tree may have. */
  honest: string;
};

/** A setting of a repository that names a command, in the work tree's own repository and in the mirror's. */
function configCase({ id, tries, config, hooks, files, by, honest }: ConfigCase): Case<GitPlace> {
  const reached = (place: GitPlace) => (by === 'path' ? { ...place, url: place.remote } : place);
  return {
    id,
    tries: `run a command through ${tries}`,
    async attack(place) {
      configure(place, config(reached(place)), hooks?.(place));
      put(place.tree, files?.(place) ?? {});
      return wholeRound(reached(place));
    },
    answer: undisturbed,
    twin: {
      does: 'work in a tree with a harmless configuration of the kind',
      async run(place) {
        configure(place, honest);
        return by === undefined ? treeRound(place) : wholeRound(reached(place));
      },
      answer: undisturbed,
    },
  };
}

const quoted = (command: string) => `"sh -c '${command}' --"`;

const hookNames = [
  ...['applypatch-msg', 'commit-msg', 'fsmonitor-watchman', 'post-checkout', 'post-commit', 'post-index-change'],
  ...['post-merge', 'post-receive', 'post-update', 'pre-auto-gc', 'pre-commit', 'pre-merge-commit', 'pre-push'],
  ...['pre-receive', 'prepare-commit-msg', 'proc-receive', 'push-to-checkout', 'reference-transaction', 'update'],
];
const allHooks = (script: string) => Object.fromEntries(hookNames.map((name) => [name, script]));

/** What a repository's configuration and attributes can run. */
export const gitConfigCases: Case<GitPlace>[] = [
  configCase({
    id: 'fsmonitor',
    tries: 'a monitor of the file system',
    config: ({ evil }) => `[core]\n\tfsmonitor = ${quoted(evil)}\n\tuntrackedCache = true\n`,
    honest: '[core]\n\tfsmonitor = false\n',
  }),
  configCase({
    id: 'external-diff',
    tries: 'an external diff',
    config: ({ evil }) => `[diff]\n\texternal = ${quoted(evil)}\n[diff "evil"]\n\tcommand = ${quoted(evil)}\n`,
    honest: '[diff]\n\trenames = true\n',
  }),
  configCase({
    id: 'textconv',
    tries: 'a converter of a file’s text',
    config: ({ evil }) => `[diff "evil"]\n\ttextconv = ${quoted(evil)}\n\tcachetextconv = true\n`,
    honest: '[diff "evil"]\n\txfuncname = "^x"\n',
  }),
  configCase({
    id: 'filters',
    tries: 'filters that clean and smudge',
    config: ({ evil }) =>
      `[filter "evil"]\n\tclean = ${quoted(evil)}\n\tsmudge = ${quoted(evil)}\n\tprocess = ${quoted(evil)}\n\trequired = true\n`,
    honest: '[filter "evil"]\n\tclean = cat\n\tsmudge = cat\n',
  }),
  configCase({
    id: 'merge-driver',
    tries: 'a merge driver',
    config: ({ evil }) => `[merge "evil"]\n\tname = evil\n\tdriver = ${quoted(evil)}\n[merge]\n\tdefault = evil\n`,
    honest: '[merge]\n\trenames = true\n',
  }),
  configCase({
    id: 'hooks',
    tries: 'hooks in the repository',
    config: () => '[core]\n\tuntrackedCache = true\n',
    hooks: ({ evil }) => allHooks(evil),
    honest: '[core]\n\tuntrackedCache = false\n',
  }),
  configCase({
    id: 'hooks-path',
    tries: 'hooks in a folder that the repository names',
    config: ({ tree }) => `[core]\n\thooksPath = ${tree}/.git/hooks\n`,
    hooks: ({ evil }) => allHooks(evil),
    honest: '[core]\n\thooksPath = hooks\n',
  }),
  configCase({
    id: 'credential-helper',
    tries: 'a helper for passwords',
    config: ({ evil, url }) =>
      `[credential]\n\thelper = "!sh -c '${evil}'"\n[credential "${url}"]\n\thelper = "!sh -c '${evil}'"\n\tusername = x\n[core]\n\taskPass = ${quoted(evil)}\n`,
    honest: '[credential]\n\thelper = cache\n',
  }),
  configCase({
    id: 'includes',
    tries: 'configuration that is included from elsewhere',
    config: ({ tree }) =>
      `[include]\n\tpath = ${tree}/more\n[includeIf "gitdir:/**"]\n\tpath = ${tree}/more\n[core]\n\tattributesFile = ${tree}/attr\n\texcludesFile = ${tree}/attr\n`,
    files: ({ evil }) => ({ more: `[core]\n\tfsmonitor = ${quoted(evil)}\n`, attr: '* filter=evil\n*.txt\n' }),
    honest: '[core]\n\tignoreCase = false\n',
  }),
  configCase({
    id: 'signing-program',
    tries: 'a program that signs',
    config: ({ evil }) =>
      `[gpg]\n\tprogram = ${quoted(evil)}\n\tformat = openpgp\n[gpg "ssh"]\n\tprogram = ${quoted(evil)}\n[commit]\n\tgpgSign = true\n[tag]\n\tgpgSign = true\n[push]\n\tgpgSign = if-asked\n[user]\n\tsigningKey = x\n`,
    honest: '[user]\n\tname = Agent\n',
  }),
  configCase({
    id: 'pager-and-editor',
    tries: 'a pager, an editor, an alias',
    config: ({ evil }) =>
      `[core]\n\tpager = ${quoted(evil)}\n\teditor = ${quoted(evil)}\n[sequence]\n\teditor = ${quoted(evil)}\n[pager]\n\tdiff-tree = ${quoted(evil)}\n\tls-tree = ${quoted(evil)}\n[alias]\n\tdiff-tree = "!${evil}"\n\tpatch-id = "!${evil}"\n`,
    honest: '[color]\n\tui = always\n',
  }),
  configCase({
    id: 'upload-pack',
    tries: 'what runs at the other end of a fetch and a push',
    config: ({ evil, url }) => `[remote "${url}"]\n\tuploadpack = ${quoted(evil)}\n\treceivepack = ${quoted(evil)}\n`,
    by: 'path',
    honest: '[remote "origin"]\n\ttagOpt = --no-tags\n',
  }),
  {
    ...configCase({
      id: 'hidden-changes',
      tries: '',
      config: () =>
        '[core]\n\tignoreStat = true\n\tcheckStat = minimal\n\ttrustctime = false\n\tignoreCase = true\n\tsparseCheckout = true\n',
      hooks: () => ({ '../info/sparse-checkout': '/nothing' }),
      honest: '[core]\n\tignoreStat = false\n',
    }),
    tries: 'hide a change from the host by what the repository says of comparing',
  },
  configCase({
    id: 'background-upkeep',
    tries: 'upkeep in the background',
    config: () => '[gc]\n\tauto = 1\n\tautoDetach = true\n[maintenance]\n\tauto = true\n\tstrategy = incremental\n',
    hooks: ({ evil }) => ({ 'pre-auto-gc': evil }),
    honest: '[gc]\n\tpruneExpire = never\n',
  }),
];
