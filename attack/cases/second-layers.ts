import type { Weakness } from '../../server/adapters/sandbox/weakness.ts';
import type { Case } from '../case.ts';
import type { SandboxPlace } from '../places/sandbox-place.ts';

/** Runs one command in a sandbox that lacks something more; `none` where the sandbox under attack cannot be altered. */
async function runWithout({ openWithout, tree }: SandboxPlace, lacking: Weakness, command: string): Promise<string> {
  if (openWithout === null) return 'none';
  const confined = await openWithout(tree, lacking);
  try {
    return await confined.run(command);
  } finally {
    await confined.close();
  }
}

const twin: Case<SandboxPlace>['twin'] = {
  does: 'run in a sandbox that lacks nothing',
  run: ({ confined }) => confined.run('echo runs'),
  answer: /^exited 0\nruns\n$/u,
};

/** What stands behind a wall, looked at with the wall gone. */
export const secondLayerCases: Case<SandboxPlace>[] = [
  {
    local: true,
    id: 'missing-wall',
    tries: 'run in a sandbox that came up without its network namespace',
    attack: (place) => runWithout(place, { walls: (args) => [...args, '--share-net'] }, 'true'),
    answer: /^sandbox_unavailable: .*Missing: net namespace/u,
    twin,
  },
  {
    local: true,
    id: 'missing-filter',
    tries: 'run in a sandbox that came up without the filter on system calls',
    attack: (place) => runWithout(place, { unfiltered: true }, 'true'),
    answer: /^sandbox_unavailable: .*Missing: filter/u,
    twin,
  },
  {
    local: true,
    id: 'nested-namespaces-without-filter',
    tries: 'make a namespace where nothing but the limit on namespaces forbids it',
    attack: (place) =>
      runWithout(
        place,
        { unfiltered: true, unproven: true },
        'unshare -U true && echo made; unshare -Ur true && echo made; echo end',
      ),
    answer: /^exited 0\n(?!made)(?:.*(?:failed|No space).*\n)+end\n$/u,
    twin,
  },
];
