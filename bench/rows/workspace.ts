import { apart } from '../apart.ts';
import { openBenchFolder } from '../database.ts';
import type { Figures, Row } from '../harness.ts';
import { names } from '../names.ts';
import { differentTrees, idleShare, makeRemote } from '../ours/workspace.ts';

export const workspaceRow: Row = {
  name: 'workspace',
  work: 'the work tree of a run on a repository of 20,000 files, its mirror and checkout there',
  operations: 20,
  async open(closing) {
    const place = openBenchFolder(closing);
    makeRemote(place);
    const who = ['ours-workspace', 'bare-mount', 'git-worktree'] as const;
    const contestants = await Promise.all(who.map((name) => apart(name, place, closing)));
    const figures = async (timed: Figures[]) => [
      {
        what: 'a work tree made, p50',
        value: timed.find(({ contestant }) => contestant === names.workTree)?.medianMs ?? Number.NaN,
        unit: 'ms',
        limit: 50,
      },
      { what: 'disk of an idle run, of its checkout', value: await idleShare(place), unit: 'of it', limit: 1 / 40 },
      { what: 'different trees among the rungs', value: await differentTrees(place), unit: '', limit: 1 },
    ];
    return { contestants: contestants.flat(), notes: [], figures };
  },
  targets: [
    {
      what: 'git worktree add against a work tree',
      ...{ over: names.worktreeAdd, under: names.workTree, limit: 300, atLeast: true },
    },
    { what: 'ten at once against one', over: names.tenTrees, under: names.workTree, limit: 1.5 },
  ],
};
