import { writeScopeInWords, type WriteScope } from '../scope/write-scope.ts';
import type { NetworkPolicy } from '../network/network-policy.ts';
import { pathMatcher } from './match.ts';
import type { Layer, LayerRule } from './policy.ts';

const listed = (globs: readonly string[]) => globs.map((glob) => `\`${glob}\``).join(', ') || 'nothing';

/** A role's or task's scope is about files tools write and commits hold; what a command writes is judged when it counts. */
const ways: ('tool' | 'commit')[] = ['tool', 'commit'];

/** Where a role's list names what may be sent to a host, it says so within the limits above it. */
function sends({ rules }: NetworkPolicy): LayerRule[] {
  return rules.flatMap(({ host, methods }, at) =>
    methods === undefined
      ? []
      : [{ id: `role-network-${at + 1}`, on: 'network' as const, then: 'allow' as const, hosts: [host], methods }],
  );
}

/** What a role writes and sends, as its layer. */
export function roleLayer(write: WriteScope['role'], network?: NetworkPolicy): Layer {
  const may = writeScopeInWords(write);
  const exclusions = write.exclude.map((entry) => ({ entry, matches: pathMatcher([entry]) }));
  const limit: LayerRule = {
    id: 'role-write-scope',
    on: 'write',
    then: 'deny',
    outside: { paths: write.include, except: write.exclude },
    ways,
    say(deed) {
      const path = deed.on === 'write' ? deed.path : '';
      const by = exclusions.find(({ matches }) => matches(path));
      const why = by ? ` (it is ${by.entry})` : '';
      return `\`${path}\` is outside what this role may write${why}: it writes ${may}.`;
    },
  };
  return { name: 'role', limits: [limit], defaults: network ? sends(network) : [] };
}

/** What a task is confined to, as its layer. */
export function taskLayer(scope: readonly string[]): Layer {
  const limit: LayerRule = {
    id: 'w1-outside-task-scope',
    on: 'write',
    then: 'ask',
    outside: { paths: [...scope], except: [] },
    ways,
    say: (deed) =>
      `\`${deed.on === 'write' ? deed.path : ''}\` is outside the scope of this task, which is ${listed(scope)}.`,
  };
  return { name: 'task', limits: [limit], defaults: [] };
}
