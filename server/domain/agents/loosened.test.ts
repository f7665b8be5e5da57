import { expect, it } from 'vitest';
import { newAgent, type AgentSettings } from './agent-settings.ts';
import { isNoOlderVersion, loosened } from './loosened.ts';

const set = (change: Partial<AgentSettings> = {}): AgentSettings => ({
  ...newAgent({ name: 'Developer', maxRuns: 2, secondsLimit: 3_600 }),
  ...change,
});

it.each<[string, Partial<AgentSettings>, Partial<AgentSettings>, RegExp]>([
  ['every repo', { repoId: 'a' }, { repoId: null }, /every repo of the org/],
  ['another repo', { repoId: 'a' }, { repoId: 'b' }, /another repo/],
  ['an older version of its role', {}, { roleVersion: 2 }, /goes back to version 2 .* 3 is the newest/],
  ['another older version', { roleVersion: 1 }, { roleVersion: 2 }, /goes back to version 2/],
  [
    'the newest version of its role and no newer one',
    {},
    { roleVersion: 3 },
    /stays at version 3 of its role and gets no newer one/,
  ],
  [
    'one repo, where it goes first, at an older version',
    { roleVersion: 1 },
    { roleVersion: 1, repoId: 'a' },
    /goes before .* at version 1/,
  ],
  ['more runs at once', {}, { maxRuns: 3 }, /3 runs at once instead of 2/],
  ['more run time', {}, { secondsLimit: 3_660 }, /61 minutes .* instead of 60/],
])('%s is more than it may do', (_what, before, after, words) => {
  const said = loosened(set(before), set(after), 3);
  expect(said).toEqual([expect.stringMatching(words)]);
});

it.each<[string, Partial<AgentSettings>, Partial<AgentSettings>]>([
  ['one repo instead of all', {}, { repoId: 'a' }],
  ['fewer runs and less run time', {}, { maxRuns: 1, secondsLimit: 60 }],
  ['the newest version of its role, by number or whichever it is', { roleVersion: 1 }, { roleVersion: 3 }],
  ['no version that it is kept at', { roleVersion: 1 }, { roleVersion: null }],
  ['the version that it is kept at already', { roleVersion: 1 }, { roleVersion: 1, maxRuns: 1 }],
  ['other instructions and another name', {}, { instructions: 'Do all you like.', name: 'Builder' }],
])('%s is not', (_what, before, after) => {
  expect(loosened(set(before), set(after), 3)).toEqual([]);
});

it('the newest version of a role and the one that an agent is kept at are no older ones', () => {
  const of = { newest: 3, kept: 1 };
  expect([null, 1, 2, 3].map((version) => isNoOlderVersion(version, of))).toEqual([true, true, false, true]);
});
