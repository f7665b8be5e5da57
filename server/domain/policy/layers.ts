import { writeScopeInWords, type WriteScope } from '../scope/write-scope.ts';
import { pathMatcher } from './match.ts';
import type { Layer, LayerRule } from './policy.ts';

const listed = (globs: readonly string[]) => globs.map((glob) => `\`${glob}\``).join(', ') || 'nothing';

/** A role's or task's scope is about files tools write and commits hold; what a command writes is judged when it counts. */
const ways: ('tool' | 'commit')[] = ['tool', 'commit'];

/** What a role writes, as its layer. */
export function roleLayer(write: WriteScope['role'], version?: string): Layer {
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
  return { name: 'role', version, limits: [limit], defaults: [] };
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
