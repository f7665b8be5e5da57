import { describe, expect, it } from 'vitest';
import { branchName } from './branch-name.ts';
import { newTask } from './new-task.ts';
import { proposedScope } from './proposed-scope.ts';
import { sampleTask } from './sample-task.ts';
import { whyNotStart } from './start-rule.ts';

describe('branchName', () => {
  it.each([
    ['Add pagination to the user list endpoint', 'fleet/7-add-pagination-to-the-user-list-endpoint'],
    ['Größe prüfen: ../../etc', 'fleet/7-gro-e-prufen-etc'],
    ['日本語', 'fleet/7-task'],
    [`${'long '.repeat(20)}`, 'fleet/7-long-long-long-long-long-long-long-long'],
  ])('%s', (title, branch) => expect(branchName({ number: 7, title })).toBe(branch));
});

describe('newTask', () => {
  const valid = { repoId: 'rep_1', title: 't', scope: ['src/**'] };
  it('fills in what may be left out', () => {
    expect(newTask.parse(valid)).toEqual({ ...valid, body: '', acceptance: [] });
  });
  it.each([
    { ...valid, title: '  ' },
    { ...valid, title: 'two\nlines' },
    { ...valid, title: 'x'.repeat(201) },
    { ...valid, scope: [] },
    { ...valid, scope: ['/etc/**'] },
    { ...valid, scope: ['src/../../x'] },
    { ...valid, scope: ['{a,b,c,d,e}{a,b,c,d,e}{a,b,c,d,e}{a,b,c,d,e}/**'] },
    { ...valid, scope: ['*/*/*/*/*/*/*/*/*'] },
  ])('refuses %j', (input) => expect(newTask.safeParse(input).success).toBe(false));
});

describe('proposedScope', () => {
  it.each([
    [
      ['.github', 'docs', 'node_modules', 'src', 'test'],
      ['src/**', 'test/**', 'docs/**'],
    ],
    [
      ['.github', 'billing', 'tests', 'vendor'],
      ['billing/**', 'tests/**'],
    ],
    [['.github', 'dist'], ['*']],
    [[], ['*']],
  ])('%j: %j', (folders, scope) => {
    expect(proposedScope(folders)).toEqual(scope);
    expect(newTask.safeParse({ repoId: 'rep_1', title: 't', scope }).success).toBe(true);
  });
});

describe('whyNotStart', () => {
  const { title } = sampleTask;
  const scripted = { kind: 'scripted' } as const;
  const refused = { kind: 'refused', why: 'Set its price.' } as const;
  it.each([
    [{ choices: [], repoSource: 'git', title: 'anything', merged: false }, null],
    [{ choices: [], repoSource: 'sample', title, merged: true }, null],
    [{ choices: [scripted], repoSource: 'sample', title, merged: false }, null],
    [{ choices: [scripted], repoSource: 'sample', title, merged: true }, /already/],
    [{ choices: [scripted], repoSource: 'sample', title: 'other', merged: false }, /knows one task only/],
    [{ choices: [scripted, scripted], repoSource: 'git', title, merged: false }, /sample repository only/],
    [{ choices: [scripted, refused], repoSource: 'sample', title, merged: false }, /^Set its price/],
  ] as const)('%j', (question, why) => {
    const answer = whyNotStart(question);
    if (why) expect(answer).toMatch(why);
    else expect(answer).toBeNull();
  });
});
