import { describe, expect, it } from 'vitest';
import { kinds, payloads } from './testing/log.ts';
import { harness, type Setup } from './testing/harness.ts';
import { memorySandbox } from './testing/memory-sandbox.ts';
import { reply } from './testing/scripted-model.ts';

const files = { 'src/a.js': 'one\ntwo\n' };
const looks = reply('looks', [['view', { path: 'src/a.js' }]]);
const writes = reply('writes', [['create', { path: 'src/b.js', content: 'b\n' }]]);
const handoff = reply('last', [['handoff', { summary: 'Done.' }]]);

function run(setup: Setup) {
  const asked: number[] = [];
  const snapshot = async (turn: number) => {
    asked.push(turn);
    return { commit: `tree-${turn}`, leftOut: [] };
  };
  return { asked, ...harness({ sandbox: memorySandbox({ files }), snapshot, ...setup }) };
}

describe('the work tree of a turn', () => {
  it('is kept for every turn, and looked at anew only where it can have changed', async () => {
    const again = reply('again', [['view', { path: 'src/b.js' }]]);
    const { slice, log, asked } = run({ turns: [looks, again, writes, handoff] });
    await slice();
    expect(asked).toEqual([1, 3]);
    expect(payloads(log, 'workspace.snapshotted')).toEqual([
      { turn: 1, commit: 'tree-1', leftOut: [] },
      { turn: 2, commit: 'tree-1', leftOut: [] },
      { turn: 3, commit: 'tree-3', leftOut: [] },
    ]);
  });

  it('stands in the log in the commit of the results that it goes with', async () => {
    const commits: string[][] = [];
    const { slice } = run({ turns: [writes, handoff], beforeWrite: (_, events) => commits.push(kinds(events)) });
    await slice();
    expect(commits).toContainEqual(['tool.finished', 'workspace.snapshotted', 'model.called']);
  });

  it('that could not be kept ends nothing, and is tried again only with the next turn', async () => {
    const { slice, log } = run({ turns: [writes, looks, handoff], snapshot: async () => null });
    expect(await slice()).toMatchObject({ kind: 'ended', outcome: { reason: 'handed_off' } });
    expect(payloads(log, 'workspace.snapshotted')).toEqual([]);
  });

  it('is kept after a crash between results and snapshot, in the next slice', async () => {
    let crashed = false;
    const crashing = (_: number, events: { kind: string }[]) => {
      if (crashed || !events.some(({ kind }) => kind === 'workspace.snapshotted')) return;
      crashed = true;
      throw new Error('gone');
    };
    const { slice, log, asked } = run({ turns: [looks, handoff], beforeWrite: crashing });
    await expect(slice()).rejects.toThrow('gone');
    await slice();
    expect(asked).toEqual([1, 1]);
    expect(payloads(log, 'workspace.snapshotted')).toHaveLength(1);
  });
});
