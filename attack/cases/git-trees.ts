import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mirror, put, sh } from '../../server/adapters/code-host/git-rig.ts';
import type { Case } from '../case.ts';
import { configure, newCommit, treeRound, undisturbed, wholeRound, type GitPlace } from '../places/git-place.ts';

const twinOf = (does: string, lay: (place: GitPlace) => void, answer = undisturbed): Case<GitPlace>['twin'] => ({
  does,
  run: async (place) => {
    lay(place);
    return treeRound(place);
  },
  answer,
});

/** A repository below the work tree whose configuration runs a command. */
function nested({ tree, evil }: GitPlace, folder: string): void {
  sh(tree, 'init', '--quiet', folder);
  const root = join(tree, folder);
  put(root, { 'file.txt': 'x\n' });
  sh(root, 'add', 'file.txt');
  sh(root, 'commit', '--quiet', '-m', 'nested');
  put(root, { '.git/config': `[core]\n\tfsmonitor = "sh -c '${evil}' --"\n\tworktree = /\n` });
}

/** What an agent can lay out in a work tree. */
export const gitTreeCases: Case<GitPlace>[] = [
  {
    id: 'git-folder',
    tries: 'have the host use the work tree’s own repository: its refs, objects and index',
    async attack(place) {
      configure(place, '[core]\n\tworktree = /\n\tbare = true\n');
      const { canaries, tree, other } = { ...place, other: place.canaries.folder };
      put(tree, { '.git/objects/info/alternates': `${other}\n`, '.git/HEAD': `ref: ../../../../${canaries.folder}\n` });
      return wholeRound(place);
    },
    answer: undisturbed,
    twin: twinOf('work in a tree that has a repository of its own', (place) => configure(place, '')),
  },
  {
    id: 'broken-configuration',
    tries: 'stop the host’s work with a configuration that cannot be read',
    async attack(place) {
      put(place.tree, { '.git/config': '[core\n\0', '.git/HEAD': 'nowhere\n' });
      return treeRound(place);
    },
    answer: undisturbed,
    twin: twinOf('have an ordinary one', (place) => configure(place, '')),
  },
  {
    id: 'git-file',
    tries: 'lead the host to another repository by a .git file and a link',
    async attack(place) {
      const { tree } = place;
      nested(place, 'evil');
      mkdirSync(join(tree, 'sub'));
      writeFileSync(join(tree, '.git'), 'gitdir: evil/.git\n');
      symlinkSync('../evil/.git', join(tree, 'sub/.git'));
      put(tree, { 'sub/b.txt': 'b\n' });
      return treeRound(place);
    },
    answer: undisturbed,
    twin: twinOf('have files with such words in their names', ({ tree }) =>
      put(tree, { 'git/config': 'x\n', 'x.git/y': 'y\n' }),
    ),
  },
  {
    id: 'nested-repositories',
    tries: 'run a command through a repository within the work tree',
    async attack(place) {
      for (const folder of ['lib', 'lib/deeper', 'new']) nested(place, folder);
      return treeRound(place);
    },
    answer: undisturbed,
    twin: twinOf('have folders within folders', ({ tree }) => put(tree, { 'lib/deeper/file.txt': 'x\n' })),
  },
  {
    id: 'submodules',
    tries: 'have the host enter, fetch or update a submodule',
    async attack(place) {
      const { tree, canaries } = place;
      nested(place, 'm');
      const url = `http://127.0.0.1:${canaries.tcp4}/x`;
      put(tree, { '.gitmodules': `[submodule "m"]\n\tpath = m\n\turl = ${url}\n\tupdate = !false\n` });
      configure(place, `[submodule "m"]\n\tactive = true\n\turl = ${url}\n[submodule]\n\trecurse = true\n`);
      return wholeRound(place);
    },
    answer: undisturbed,
    twin: twinOf('name a submodule', ({ tree }) =>
      put(tree, { '.gitmodules': '[submodule "m"]\n\tpath = m\n\turl = ../m.git\n' }),
    ),
  },
  {
    id: 'links-out',
    tries: 'have what a link leads to committed, or written through it',
    async attack(place) {
      const { tree, host, base, canaries } = place;
      symlinkSync(canaries.folder, join(tree, 'd'));
      symlinkSync(join(canaries.folder, 'secret'), join(tree, 'l'));
      for (const name of ['.gitignore', '.gitattributes2'])
        symlinkSync(join(canaries.folder, 'secret'), join(tree, name));
      const paths = ['d', 'l', 'd/secret', '.gitignore'];
      const head = await host.commit({ mirror, tree, parent: base, paths, ...newCommit });
      const said = await host.diff({ mirror, base, head: head ?? base });
      return `${said}${await treeRound(place)}`;
    },
    answer: /new file mode 120000[^]*\n-one\n\+two\n$/u,
    twin: twinOf('link to a file inside', ({ tree }) => symlinkSync('a.txt', join(tree, 'l'))),
  },
  {
    id: 'paths-like-options',
    tries: 'have paths taken for options and patterns',
    async attack(place) {
      const { tree, base, host } = place;
      const names = ['--output=x', '-rf', '--upload-pack=x', ':(exclude)a.txt', '*', '$(id)', 'new\nline', '!a.txt'];
      put(tree, Object.fromEntries(names.map((name) => [name, 'x\n'])));
      const changed = (await host.changedPaths({ mirror, tree, commit: base })).map(({ path }) => path);
      const head = await host.commit({ mirror, tree, parent: base, paths: changed, ...newCommit });
      const kept = await host.changedBetween({ mirror, base, head: head ?? base });
      return kept
        .map(({ path }) => JSON.stringify(path))
        .toSorted()
        .join(' ');
    },
    answer: /^"!a\.txt" "\$\(id\)" "\*" "--output=x" "--upload-pack=x" "-rf" ":\(exclude\)a\.txt" "new\\nline"$/u,
    twin: twinOf('commit files with plain names', ({ tree }) => put(tree, { 'b-c.txt': 'x\n' })),
  },
  {
    id: 'outside-paths',
    tries: 'have paths outside the work tree and git’s own committed',
    async attack(place) {
      const { tree, base, host, canaries } = place;
      configure(place, '');
      const paths = [`../${'../'.repeat(20)}${canaries.folder}/secret`, `${canaries.folder}/secret`];
      paths.push('.git/config', '.GIT/config', 'git~1/config', 'a/../../x', '../a.txt', '/etc/passwd');
      const head = await host.commit({ mirror, tree, parent: base, paths, ...newCommit });
      return head === null ? 'nothing' : await host.diff({ mirror, base, head });
    },
    answer: /^nothing$|^\w+: /u,
    twin: twinOf('commit a path below', ({ tree }) => put(tree, { 'a/b/c.txt': 'x\n' })),
  },
  {
    id: 'behind-the-walls',
    tries: 'see the host from a hook that runs because nothing outranks the repository’s settings',
    async attack(place) {
      // Says by failing that it sees the host, and touches nothing there.
      const looks = `if test -e ${place.canaries.folder}; then exit 1; fi`;
      const names = ['reference-transaction', 'post-index-change', 'pre-push'];
      configure(place, '', Object.fromEntries(names.map((name) => [name, looks])));
      return wholeRound(place, place.hostWithout({ untuned: true }));
    },
    answer: undisturbed,
    twin: twinOf('do the same with all settings', () => undefined),
  },
];
