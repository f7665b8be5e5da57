import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../server/adapters/clock/system-clock.ts';
import { author, at, mirror, put, serveGit, sh } from '../../server/adapters/code-host/git-rig.ts';
import { gitCodeHost } from '../../server/adapters/code-host/git.ts';
import type { GitWeakness } from '../../server/adapters/code-host/weakness.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { CodeHost } from '../../server/domain/ports/code-host.ts';
import { setCanaries } from '../canaries.ts';
import type { Closing, Place } from '../case.ts';

/** A repository with its remote, its mirror and a work tree that an agent has had: fresh ones for every try. */
export type GitPlace = Place & {
  host: CodeHost;
  /** The same host with something more taken away. */
  hostWithout(lacking: GitWeakness): CodeHost;
  /** What a tenant may name is less than what the operator may. */
  hostFor(who: 'tenant' | 'operator'): CodeHost;
  /** Takes what a run's log is told. */
  record(events: RunEvent[]): void;
  /** A bare repository that git's own HTTP server shows as `url`. */
  remote: string;
  url: string;
  dataDir: string;
  mirrorDir: string;
  base: string;
  tree: string;
  /** A command that reads the secret, leaves a trace outside and fails. */
  evil: string;
};

/** `*.txt` have every driver that a repository can ask for, and the names are all `evil`. */
const attributes = '*.txt filter=evil diff=evil merge=evil\n';

export async function openGitPlace(
  { root, weakness }: { root: string; weakness: GitWeakness },
  closing: Closing,
): Promise<GitPlace> {
  const canaries = await setCanaries(mkdtempSync(join(root, 'canaries-')), closing);
  const remotes = mkdtempSync(join(root, 'remotes-'));
  const served = await serveGit({ root: remotes });
  closing(served.close);
  const evil = `cat ${canaries.folder}/secret; echo ran > ${canaries.folder}/ran; echo evil-ran; false`;
  const told: RunEvent[] = [];
  const place = { canaries, evil, record: (events) => void told.push(...events) } as GitPlace;
  place.denials = async () =>
    told
      .splice(0)
      .flatMap((event) =>
        event.kind === 'tool.intended' && event.payload.verdict.verdict === 'deny' ? [event.payload.verdict.rule] : [],
      );
  let tries = 0;
  place.reset = async () => {
    if (place.tree !== undefined) rmSync(join(place.tree, '..'), { recursive: true, force: true });
    rmSync(join(canaries.folder, 'ran'), { force: true });
    const folder = mkdtempSync(join(root, 'try-'));
    const name = `r${(tries += 1)}.git`;
    const remote = join(remotes, name);
    sh(folder, 'init', '--quiet', '--bare', remote);
    sh(remote, 'config', 'http.receivepack', 'true');
    personPushes(remote, folder, { 'a.txt': 'one\n', '.gitattributes': attributes });
    const dataDir = join(folder, 'data');
    const hostWithout = (lacking: GitWeakness, allowLocal = true) =>
      gitCodeHost({ dataDir, allowLocal, clock: systemClock }, { ...weakness, ...lacking });
    const hostFor: GitPlace['hostFor'] = (who) => hostWithout({}, who === 'operator');
    const host = hostFor('operator');
    const url = `${served.url}/${name}`;
    const base = await host.sync({ mirror, remote: url, defaultBranch: 'main' });
    const tree = join(folder, 'tree');
    await host.checkout({ mirror, commit: base, into: tree });
    const mirrorDir = join(dataDir, 'mirrors', `${mirror}.git`);
    Object.assign(place, { host, hostWithout, hostFor, remote, url, dataDir, mirrorDir, base, tree });
  };
  return place;
}

/** A person's clone pushes one commit to main. */
export function personPushes(remote: string, root: string, files: Record<string, string>): string {
  const clone = mkdtempSync(join(root, 'person-'));
  sh(root, 'clone', '--quiet', remote, clone);
  put(clone, files);
  sh(clone, 'add', '--all');
  sh(clone, 'commit', '--quiet', '-m', 'by a person');
  sh(clone, 'push', '--quiet', 'origin', 'HEAD:main');
  return sh(clone, 'rev-parse', 'HEAD');
}

/** Makes the work tree a repository of its agent's, with that configuration, and adds it to the mirror's too. */
export function configure({ tree, mirrorDir }: GitPlace, config: string, hooks: Record<string, string> = {}): void {
  const own = join(tree, '.git');
  if (!existsSync(own)) sh(tree, 'init', '--quiet');
  for (const dir of [own, mirrorDir]) {
    writeFileSync(join(dir, 'config'), `${readFileSync(join(dir, 'config'), 'utf8')}${config}`);
    for (const [name, script] of Object.entries(hooks)) {
      put(dir, { [`hooks/${name}`]: `#!/bin/sh\n${script}\n` });
      chmodSync(join(dir, 'hooks', name), 0o755);
    }
  }
}

export const newCommit = { message: 'A change', author, at };

/** What the host does with a work tree, in words: what changed, the commit made of it, its diff and its text. */
export async function treeRound(place: GitPlace): Promise<string> {
  return (await commitTree(place, place.host)).said;
}

/** And with the commit: its merge with what a person pushed meanwhile, and the branch pushed. */
export async function wholeRound(place: GitPlace, host = place.host): Promise<string> {
  const { url, remote, dataDir } = place;
  const { said, head } = await commitTree(place, host);
  if (head === null) return said;
  personPushes(remote, join(dataDir, '..'), { 'b.txt': 'theirs\n' });
  const target = await host.sync({ mirror, remote: url, defaultBranch: 'main' });
  const merged = await host.merge({ mirror, target, head, ...newCommit });
  const pushed = await host.push({ mirror, remote: url, commit: head, branch: 'fleet/x', expected: null });
  return `${said}${merged.kind}\n${pushed.kind}\n`;
}

async function commitTree({ tree, base }: GitPlace, host: CodeHost): Promise<{ said: string; head: string | null }> {
  put(tree, { 'a.txt': 'two\n' });
  const changed = await host.changedPaths({ mirror, tree, commit: base });
  const paths = changed.filter(({ unnameable }) => !unnameable).map(({ path }) => path);
  const head = await host.commit({ mirror, tree, parent: base, paths: ['a.txt'], ...newCommit });
  if (head === null) return { said: `changed ${paths.join(' ')}\nno commit\n`, head };
  const diff = await host.diff({ mirror, base, head });
  await host.patchId({ mirror, base, head });
  const text = Buffer.from((await host.fileAt({ mirror, commit: head, path: 'a.txt' })) ?? []).toString('latin1');
  return { said: `changed ${paths.join(' ')}\nholds ${text}${diff}`, head };
}

/** What an undisturbed round says, with more changed paths where the agent has made some. */
export const undisturbed = /^changed a\.txt(?: [\w/.-]+)*\nholds two\n[^]*\n-one\n\+two\n(?:merged\npushed\n)?$/u;
