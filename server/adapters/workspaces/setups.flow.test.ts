import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspaces } from '../../domain/ports/workspaces.ts';
import { surveyNotes } from '../../domain/setup/survey-notes.ts';
import { mirror, put } from '../code-host/git-rig.ts';
import { rungs } from './base-file.ts';
import { id, otherId, workRig, type WorkRig } from './testing/rig.ts';

let rig: WorkRig;
beforeEach(async () => (rig = await workRig()));
afterEach(() => rig.end());

const setUpId = `sbx_${'c'.repeat(32)}`;
const key = 'k'.repeat(64);

/** What a package manager does to a tree, and what it should not do. */
const install = `mkdir -p node_modules/a node_modules/.bin src/deep/made kept gen/below
echo "exports.a = 1" > node_modules/a/index.js; ln -s ../a/index.js node_modules/.bin/a; chmod 700 node_modules/a
echo layer > kept/a; echo layer > kept/b; echo g > gen/below/g; echo m > src/deep/made/m; echo one > made.txt
printf o > "$(printf 'node_modules/odd\\377name')"; mkfifo node_modules/pipe || true
echo rewritten > README.md; rm plain`;

async function setUp(workspaces: Workspaces, script = install) {
  let ran = 0;
  const fill = async (tree: string) => {
    ran += 1;
    const said = await rig.agent(tree, script);
    if (said !== '') throw new Error(said);
  };
  const { leftOut } = await workspaces.setUp({ id: setUpId, mirror, commit: rig.head, key, fill });
  return { ran, leftOut };
}

const onLayer = (over: object = {}) => ({ id, mirror, commit: rig.head, setup: async () => key, ...over });

/** All paths of a tree with the content of its files, as an agent sees them. */
const see = (tree: string) =>
  rig.agent(
    tree,
    String.raw`find . -not -name '.' | sort | while read -r p; do
    if [ -L "$p" ]; then echo "$p -> $(readlink "$p")"; elif [ -f "$p" ]; then echo "$p: $(head -c 60 "$p")"; else echo "$p/"; fi
  done`,
  );

describe.each(rungs)('a set-up below a tree as %s', (rung) => {
  it('is run once, gives every tree the same files and is no part of a commit', async () => {
    const workspaces = rig.on(rung);
    expect(await setUp(workspaces)).toEqual({ ran: 1, leftOut: ['README.md', 'plain'] });
    expect(await setUp(workspaces)).toEqual({ ran: 0, leftOut: ['README.md', 'plain'] });
    const { tree } = await workspaces.keep(onLayer());
    expect(await readFile(join(tree, 'node_modules/.bin/a'), 'utf8')).toContain('exports.a');
    expect(await readFile(join(tree, 'README.md'), 'utf8')).toBe('hello\n');
    expect(await rig.changed(tree, rig.head)).toEqual([]);

    await rig.agent(
      tree,
      'echo 2 > node_modules/a/index.js; echo 3 > node_modules/new.js; rm -r gen; echo 2 > made.txt',
    );
    expect(await rig.changed(tree, rig.head)).toEqual([]);
    await rig.agent(tree, 'rm -rf node_modules; echo n > src/new.txt; echo n > src/deep/n.txt; echo 2 > src/a.txt');
    expect(await rig.changed(tree, rig.head)).toEqual([
      'added src/deep/n.txt',
      'added src/new.txt',
      'modified src/a.txt',
    ]);

    const other = await workspaces.fresh(onLayer({ id: otherId }));
    expect(await readFile(join(other, 'node_modules/a/index.js'), 'utf8')).toBe('exports.a = 1\n');
    expect(await readFile(join(other, 'made.txt'), 'utf8')).toBe('one\n');
  });

  it('gives way to the files of another commit', async () => {
    const workspaces = rig.on(rung);
    await setUp(workspaces);
    rig.personPushes({ gen: 'a file now\n', 'kept/a': 'the commit’s\n', 'made.txt': 'tracked\n' });
    const next = await rig.sync();
    const tree = await workspaces.fresh(onLayer({ commit: next }));
    expect(await rig.changed(tree, next)).toEqual([]);
    const seen = await see(tree);
    expect(seen).toContain('./gen: a file now');
    expect(seen).toContain('./kept/a: the commit');
    expect(seen).toContain('./kept/b: layer');
    await rig.agent(tree, 'echo changed > made.txt; rm gen; echo more > kept/a');
    expect(await rig.changed(tree, next)).toEqual(['deleted gen', 'modified kept/a', 'modified made.txt']);
  });

  it('is kept with the tree over a rest', async () => {
    const workspaces = rig.on(rung);
    await setUp(workspaces);
    const first = await workspaces.keep(onLayer());
    await writeFile(join(first.tree, 'work.txt'), 'mine');
    await workspaces.rest(id);
    const asked = () => Promise.reject(new Error('asked again'));
    const { tree, made } = await workspaces.keep(onLayer({ setup: asked }));
    expect(made).toBe(false);
    expect(await readFile(join(tree, 'node_modules/a/index.js'), 'utf8')).toBe('exports.a = 1\n');
    expect(await rig.changed(tree, rig.head)).toEqual(['added work.txt']);
  });
});

it('all rungs show the same files', async () => {
  const seen: string[] = [];
  for (const rung of rungs) {
    const workspaces = rig.on(rung);
    await setUp(workspaces);
    seen.push(await see(await workspaces.fresh(onLayer())));
    await workspaces.remove(id);
    await rm(join(rig.dataDir, 'setups'), { recursive: true });
  }
  expect(seen[0]).toContain('./node_modules/.bin/a -> ../a/index.js');
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
});

it('a set-up that fails leaves no layer, no tree, and is tried again', async () => {
  const workspaces = rig.on();
  await expect(setUp(workspaces, 'mkdir node_modules; echo no registry; false')).rejects.toThrow('no registry');
  expect(await workspaces.list()).toEqual([]);
  expect(await readdir(join(rig.dataDir, 'setups', mirror))).toEqual([]);
  await expect(workspaces.fresh(onLayer())).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  expect((await setUp(workspaces)).ran).toBe(1);
});

it('two that want the same set-up at once get one', async () => {
  const workspaces = rig.on();
  const both = await Promise.all([setUp(workspaces), setUp(workspaces)]);
  expect(both.map(({ ran }) => ran).sort()).toEqual([0, 1]);
});

it('a layer is kept while a tree stands on it, and some time after', async () => {
  const workspaces = rig.on();
  await setUp(workspaces);
  const place = join(rig.dataDir, 'setups', mirror, key);
  await workspaces.keep(onLayer());
  for (const last of 'abc') {
    const fill = async () => undefined;
    await workspaces.setUp({ id: setUpId, mirror, commit: rig.head, key: last.repeat(64), fill });
  }
  await workspaces.collect();
  expect((await stat(place)).isDirectory()).toBe(true);
  await workspaces.remove(id);
  await workspaces.collect();
  await expect(stat(place)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a repo of 20,000 files is looked at, laid out and compared whole', async () => {
  rig.personPushes({}, (clone) => {
    for (let folder = 0; folder < 200; folder += 1) {
      const names = Array.from({ length: 100 }, (_, n) => [`many/${folder}/${n}.txt`, `${folder} ${n}\n`]);
      put(clone, Object.fromEntries(names));
    }
  });
  const commit = await rig.sync();
  const survey = await rig.host.survey({ mirror, commit });
  expect(survey.files).toBeGreaterThan(20_000);
  expect(surveyNotes(survey)).toEqual([expect.stringMatching(/^The repo has 20,\d{3} files/)]);
  const workspaces = rig.on();
  const { tree } = await workspaces.keep({ id, mirror, commit });
  expect(await rig.changed(tree, commit)).toEqual([]);
  await rig.agent(tree, 'echo more >> many/7/7.txt; rm many/199/99.txt; echo new > many/new.txt');
  expect(await rig.changed(tree, commit)).toEqual([
    'added many/new.txt',
    'deleted many/199/99.txt',
    'modified many/7/7.txt',
  ]);
});
