import { existsSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mirror, put, sh, shWith } from '../../server/adapters/code-host/git-rig.ts';
import type { Case } from '../case.ts';
import { configure, newCommit, personPushes, undisturbed, wholeRound, type GitPlace } from '../places/git-place.ts';

const syncs: Case<GitPlace>['twin'] = {
  does: 'fetch from an ordinary address',
  run: async ({ host, url }) => ((await host.sync({ mirror, remote: url, defaultBranch: 'main' })) ? 'synced' : ''),
  answer: /^synced$/u,
};

/** Names and commits of a remote's refs. */
const refsOf = (remote: string) => sh(remote, 'for-each-ref', '--format=%(refname)=%(objectname)');

/** The codes with which each of several things is refused. */
async function refusals(tries: (() => Promise<unknown>)[]): Promise<string> {
  const said: string[] = [];
  for (const one of tries) {
    said.push(await one().then(JSON.stringify, ({ code, message }) => String(code ?? message)));
  }
  return [...new Set(said)].toSorted().join(' ');
}

async function changed({ host, tree, base }: GitPlace, text: string): Promise<string> {
  put(tree, { 'a.txt': text });
  return (await host.commit({ mirror, tree, parent: base, paths: ['a.txt'], ...newCommit })) ?? '';
}

/** What addresses, remotes and pushes can do. */
export const gitRemoteCases: Case<GitPlace>[] = [
  {
    id: 'helper-addresses',
    tries: 'connect addresses that run a command: ext::, fd::, options, other helpers',
    attack: ({ host, evil }) => {
      const addresses = [
        `ext::sh -c ${evil.replaceAll(' ', '% ')}`,
        'fd::7',
        `--upload-pack=${evil} x`,
        '-oProxyCommand=x:y',
      ];
      addresses.push(
        'ssh://-oProxyCommand=x/y',
        'http://-x/y',
        'ftp://h/x',
        'https://h/x\nhttps://i/y',
        'evil::x',
        'h:-x',
      );
      return refusals(addresses.map((remote) => () => host.inspect({ remote })));
    },
    answer: /^repo_not_allowed$/u,
    twin: syncs,
  },
  {
    id: 'helper-by-configuration',
    tries: 'have an ordinary address rewritten to one that runs a command',
    async attack(place) {
      const { evil, url, mirrorDir, host } = place;
      const config = `[url "ext::sh -c ${evil.replaceAll(' ', '% ').replaceAll(';', '\\;')}"]\n\tinsteadOf = "${url}"\n`;
      writeFileSync(join(mirrorDir, 'config'), `${readFileSync(join(mirrorDir, 'config'), 'utf8')}${config}`);
      await host.sync({ mirror, remote: url, defaultBranch: 'main' });
      return 'synced';
    },
    answer: /^repo_not_allowed: /u,
    twin: syncs,
  },
  {
    id: 'ssh-command',
    tries: 'run a command in the place of ssh',
    async attack(place) {
      configure(place, `[core]\n\tsshCommand = "sh -c '${place.evil}' --"\n[ssh]\n\tvariant = simple\n`);
      await place.host.sync({ mirror, remote: 'ssh://git@127.0.0.1:9/x.git', defaultBranch: 'main' });
      return 'synced';
    },
    answer: /^repo_(?:unreachable|needs_credentials): /u,
    twin: syncs,
  },
  {
    id: 'proxy-command',
    tries: 'run a command in the place of a connection',
    async attack(place) {
      configure(place, `[core]\n\tgitProxy = "sh -c '${place.evil}' --"\n`);
      await place.host.sync({ mirror, remote: 'git://127.0.0.1:9/x.git', defaultBranch: 'main' });
      return 'synced';
    },
    answer: /^repo_unreachable: /u,
    twin: syncs,
  },
  {
    id: 'poisoned-commit',
    tries: 'send a commit with a .git folder in it, and a submodule that is a command',
    async attack({ host, remote, url, evil, dataDir }) {
      const sync = () => host.sync({ mirror, remote: url, defaultBranch: 'main' });
      const blob = shWith(remote, `[core]\n\tfsmonitor = ${evil}\n`, 'hash-object', '-w', '--stdin');
      const inner = shWith(remote, `100644 blob ${blob}\tconfig\n`, 'mktree');
      const outer = shWith(remote, `040000 tree ${inner}\t.GIT\n`, 'mktree');
      const before = sh(remote, 'rev-parse', 'main');
      sh(remote, 'update-ref', 'refs/heads/main', sh(remote, 'commit-tree', '-m', 'evil', outer));
      const first = await refusals([sync]);
      sh(remote, 'update-ref', 'refs/heads/main', before);
      const modules = `[submodule "m"]\n\tpath = m\n\turl = x\n\tupdate = !${evil}\n`;
      personPushes(remote, join(dataDir, '..'), { '.gitmodules': modules });
      return `${first} ${await refusals([sync])}`;
    },
    answer: /^repo_not_allowed repo_not_allowed$/u,
    twin: {
      does: 'fetch a commit that names a submodule',
      async run({ host, remote, url, dataDir }) {
        personPushes(remote, join(dataDir, '..'), { '.gitmodules': '[submodule "m"]\n\tpath = m\n\turl = ../m\n' });
        return host.sync({ mirror, remote: url, defaultBranch: 'main' });
      },
      answer: /^[0-9a-f]{40}$/u,
    },
  },
  {
    id: 'refs-like-options',
    tries: 'have refs of a remote taken for options and commands',
    async attack(place) {
      const { remote, base } = place;
      const names = ['--upload-pack=touch', '$(id)', '-rf', '--output=x'].map((name) => `${base} refs/heads/${name}\n`);
      writeFileSync(join(remote, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted\n${names.join('')}`);
      return wholeRound(place);
    },
    answer: undisturbed,
    twin: {
      does: 'fetch a branch with dashes in it',
      async run(place) {
        sh(place.remote, 'update-ref', 'refs/heads/a--b', place.base);
        return wholeRound(place);
      },
      answer: undisturbed,
    },
  },
  {
    id: 'branches-like-options',
    tries: 'push to names that are options, refspecs, forced, or another ref',
    async attack(place) {
      const { host, url, remote } = place;
      const commit = await changed(place, 'mine\n');
      const before = refsOf(remote);
      const names = ['--force', 'x:refs/heads/main', '-d', ':main', 'a..b', 'x ^main', 'main~1', '@{u}', '', 'x\0y'];
      const said = await refusals(
        names.map((branch) => () => host.push({ mirror, remote: url, commit, branch, expected: null })),
      );
      return `${said} ${refsOf(remote) === before ? 'unmoved' : refsOf(remote)}`;
    },
    answer: /^invalid_input unmoved$/u,
    twin: {
      does: 'push a branch of its own',
      async run(place) {
        const commit = await changed(place, 'mine\n');
        return JSON.stringify(
          await place.host.push({ mirror, remote: place.url, commit, branch: 'fleet/t-1', expected: null }),
        );
      },
      answer: /pushed/u,
    },
  },
  {
    id: 'default-branch-and-force',
    tries: 'overwrite the default branch, rewind it, delete it, move a tag',
    async attack(place) {
      const { host, url, remote, base, dataDir } = place;
      const commit = await changed(place, 'mine\n');
      sh(remote, 'tag', 'v1', base);
      const theirs = personPushes(remote, join(dataDir, '..'), { 'b.txt': 'theirs\n' });
      await host.sync({ mirror, remote: url, defaultBranch: 'main' });
      const before = refsOf(remote);
      const push = (more: { branch: string; expected: string | null; commit?: string }) => () =>
        host.push({ mirror, remote: url, commit, ...more }).then(({ kind }) => kind);
      const said = await refusals([
        push({ branch: 'main', expected: null }),
        push({ branch: 'main', expected: base }),
        push({ branch: 'main', expected: theirs }),
        push({ branch: 'main', expected: theirs, commit: base }),
        () => host.deleteBranch({ mirror, remote: url, branch: 'main', expected: theirs }),
        () => host.deleteBranch({ mirror, remote: url, branch: 'refs/tags/v1', expected: base }),
      ]);
      return `${said} ${refsOf(remote) === before ? 'unmoved' : refsOf(remote)}`;
    },
    answer: /^"moved" "refused" forbidden unmoved$/u,
    twin: {
      does: 'move a branch of its own forward, and delete it',
      async run(place) {
        const { host, url, base } = place;
        const at = { mirror, remote: url, branch: 'fleet/t-1' };
        const commit = await changed(place, 'mine\n');
        const said = [await host.push({ ...at, commit: base, expected: null })];
        said.push(await host.push({ ...at, commit, expected: base }));
        return `${said.map(({ kind }) => kind).join(' ')} ${(await host.deleteBranch({ ...at, expected: commit })).kind}`;
      },
      answer: /^pushed pushed deleted$/u,
    },
  },
  {
    id: 'other-repository',
    tries: 'have what the agent names fetched from and pushed to instead of the repository',
    async attack(place) {
      const { remote, url, tree } = place;
      const other = join(place.canaries.folder, '..', 'other.git');
      if (!existsSync(other)) {
        sh(tree, 'init', '--quiet', '--bare', other);
        place.canaries.watch(other);
      }
      sh(tree, 'init', '--quiet');
      const instead = `[url "${other}"]\n\tinsteadOf = ${url}\n\tpushInsteadOf = ${url}\n`;
      const named = `[remote "origin"]\n\turl = ${other}\n\tpushurl = ${other}\n[remote "${url}"]\n\turl = ${other}\n`;
      writeFileSync(join(tree, '.git/config'), `${readFileSync(join(tree, '.git/config'), 'utf8')}${instead}${named}`);
      return `${await wholeRound(place)}${refsOf(remote)}`;
    },
    answer: /merged\npushed\n[^]*refs\/heads\/fleet\/x=/u,
    twin: syncs,
  },
  {
    id: 'other-networks',
    tries: 'connect a tenant’s address that leads into this machine, a private network or a path',
    attack: ({ hostFor, canaries, remote }) =>
      refusals(
        [
          `http://127.0.0.1:${canaries.tcp4}/x.git`,
          `http://localhost:${canaries.tcp4}/x.git`,
          `http://2130706433:${canaries.tcp4}/x`,
          `http://0x7f.1:${canaries.tcp4}/x`,
          `http://[::1]:${canaries.tcp6 ?? canaries.tcp4}/x`,
          `http://[::ffff:127.0.0.1]:${canaries.tcp4}/x`,
          'http://169.254.169.254/latest/meta-data',
          'ssh://git@10.0.0.1/x',
          'git://127.0.0.1/x',
          `file://${remote}`,
          remote,
        ].map((address) => () => hostFor('tenant').inspect({ remote: address })),
      ),
    answer: /^repo_not_allowed$/u,
    twin: {
      does: 'connect them as the operator',
      run: async ({ hostFor, remote }) => (await hostFor('operator').inspect({ remote })).defaultBranch,
      answer: /^main$/u,
    },
  },
];
