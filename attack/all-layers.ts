import type { GitWeakness } from '../server/adapters/code-host/weakness.ts';
import type { EgressWeakness } from '../server/adapters/egress/weakness.ts';
import type { Weakness } from '../server/adapters/sandbox/weakness.ts';
import { both, sandboxLayers } from './layers.ts';

/** What an experiment lacks. */
export type Weaknesses = { sandbox: Weakness; git: GitWeakness };

type Layer = {
  weakness: Partial<Weaknesses>;
  /** The parts of the suite whose cases it stands behind. */
  tried: string[];
  /** What holds when it is gone; with these gone too, the cases must see what it is there for. */
  behind: string[];
};

/** A sandbox with a proxy has the same walls, and one more that is told apart: its network. */
const partsOf = (name: string) => ['sandbox', 'no-network', ...(name === 'net-namespace' ? ['egress'] : [])];

const git = (weakness: GitWeakness, ...behind: string[]): Layer => ({
  weakness: { git: weakness },
  tried: ['git'],
  behind,
});

const egress = (weakness: EgressWeakness, ...behind: string[]): Layer => ({
  weakness: { sandbox: { egress: weakness } },
  tried: ['egress'],
  behind,
});

export const layers: Record<string, Layer> = {
  ...Object.fromEntries(
    Object.entries(sandboxLayers).map(([name, sandbox]): [string, Layer] => [
      name,
      { weakness: { sandbox }, tried: partsOf(name), behind: name === 'proof' ? [] : ['proof'] },
    ]),
  ),
  'host-spelling': egress({ anySpelling: true }, 'network-rules', 'sender-list', 'address-look', 'address-list'),
  'network-rules': egress({ unruled: true }, 'sender-list'),
  'sender-list': egress({ unlisted: true }, 'network-rules'),
  'address-look': egress({ unlooked: true }, 'address-list'),
  'address-list': egress({ unblocked: true }, 'address-look'),
  'written-first': egress({ unwritten: true }),
  'git-settings': git({ untuned: true }, 'git-walls'),
  'git-walls': git({ unconfined: true }, 'git-settings'),
  'git-own-repository': git({ believing: true }, 'git-settings', 'git-walls'),
};

/** Several layers taken away at once, in order. */
export function lacking(names: string[]): Weaknesses {
  return names
    .map((name) => layers[name]?.weakness ?? {})
    .reduce<Weaknesses>(
      (so, { sandbox = {}, git = {} }) => ({ sandbox: both(so.sandbox, sandbox), git: { ...so.git, ...git } }),
      { sandbox: {}, git: {} },
    );
}
