import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../policy/decide.ts';
import { balanced, runPolicy } from '../policy/run-policy.ts';
import { globProblem } from './glob.ts';
import { workPath } from './work-path.ts';
import { writeScopeInWords, type WriteScope } from './write-scope.ts';

const developer: WriteScope = {
  role: { include: ['**'], exclude: ['@ci', '@owners', '@agent-config', '@secrets', '@generated'] },
  taskScope: ['src/**', 'test/**', 'docs/**'],
};

const mayWrite = (path: string, scope: WriteScope) =>
  decide({ policy: runPolicy({ layers: [balanced], scope }), grants: [], held: [] }, { kind: 'file_write', path });

describe('what a role and a task may write', () => {
  it.each([
    ['src/routes/users.js', 'allow', 'w0-in-scope'],
    ['./src//routes/../a.js', 'allow', 'w0-in-scope'],
    ['/work/src/a.js', 'allow', 'w0-in-scope'],
    ['docs/api.md', 'allow', 'w0-in-scope'],
    ['src/.hidden/a', 'allow', 'w0-in-scope'],
    ['package.json', 'ask', 'w1-outside-task-scope'],
    ['srcs/a.js', 'ask', 'w1-outside-task-scope'],
    ['.github/workflows/test.yml', 'deny', 'role-write-scope'],
    ['src/AGENTS.md', 'deny', 'role-write-scope'],
    ['src/.env.production', 'deny', 'role-write-scope'],
    ['src/.env.example', 'allow', 'w0-in-scope'],
    ['src/dist/app.js', 'deny', 'role-write-scope'],
    ['.git/config', 'deny', 'f1-git-internals'],
    ['src/vendor2/.git/hooks/pre-commit', 'deny', 'f1-git-internals'],
    ['src/.GIT/config', 'deny', 'f1-git-internals'],
    ['.git', 'deny', 'f1-git-internals'],
    ['.git./config', 'deny', 'f1-git-internals'],
    ['.g\u200dit/config', 'deny', 'f1-git-internals'],
    ['src/.git::$INDEX_ALLOCATION/config', 'deny', 'f1-git-internals'],
    ['src/a.git/x', 'allow', 'w0-in-scope'],
    ['../etc/passwd', 'deny', 'path-outside-work'],
    ['src/../../x', 'deny', 'path-outside-work'],
    ['/etc/passwd', 'deny', 'path-outside-work'],
    ['/workspace/a', 'deny', 'path-outside-work'],
    ['src/a\0b', 'deny', 'path-outside-work'],
    ['', 'deny', 'path-outside-work'],
    ['.', 'deny', 'path-outside-work'],
  ])('%j: %s by %s', (path, verdict, rule) => {
    expect(mayWrite(path, developer)).toMatchObject({ verdict, rule });
  });

  it('says the scope in words', () => {
    expect(mayWrite('Makefile', developer).reason).toContain('`src/**`, `test/**`, `docs/**`');
    expect(mayWrite('src/dist/a.js', developer).reason).toContain(
      '(it is @generated): it writes everything except `@ci`',
    );
    expect(writeScopeInWords({ include: [], exclude: ['**'] })).toBe('nothing');
  });

  it('allows nothing where role or task allow nothing', () => {
    const reviewer = { role: { include: [], exclude: ['**'] }, taskScope: ['**'] };
    expect(mayWrite('src/a.js', reviewer).verdict).toBe('deny');
    expect(mayWrite('src/a.js', { ...developer, taskScope: [] }).verdict).toBe('ask');
  });

  it('takes folder names with brackets and plain folders as they stand', () => {
    const scope = { ...developer, taskScope: ['app/[org]/**', 'app/(public)/*.tsx', 'lib/', './one.ts', '@modal/**'] };
    const verdict = (path: string) => mayWrite(path, scope).verdict;
    expect(verdict('app/[org]/page.tsx')).toBe('allow');
    expect(verdict('app/o/page.tsx')).toBe('ask');
    expect(verdict('app/(public)/page.tsx')).toBe('allow');
    expect(verdict('lib/deep/a.ts')).toBe('allow');
    expect(verdict('one.ts')).toBe('allow');
    expect(verdict('one.tsx')).toBe('ask');
    expect(verdict('@modal/a.tsx')).toBe('allow');
  });

  const part = fc.stringMatching(/^[\w.@()[\]!+ -]{1,12}$/).filter((each) => !/^\.{1,2}$/.test(each));
  const path = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  const anyone = { include: ['**'], exclude: [] };

  it('a plain path in the task scope covers itself and what lies below, and nothing beside it', () => {
    fc.assert(
      fc.property(path, path, (entry, other) => {
        fc.pre(!/\.git|git~1/i.test(`${entry}/${other}`) && !entry.startsWith('/') && !entry.startsWith('./'));
        const verdict = (each: string) => mayWrite(each, { role: anyone, taskScope: [entry] }).verdict;
        expect(verdict(entry)).toBe('allow');
        expect(verdict(`${entry}/${other}`)).toBe('allow');
        expect(verdict(`${entry}x`)).toBe('ask');
        if (other !== entry && !other.startsWith(`${entry}/`)) expect(verdict(other)).toBe('ask');
      }),
    );
  });

  it('never allows git internals or what climbs out, whatever the scope', () => {
    const climbing = fc.array(fc.constantFrom('..', '.', '', 'src', '.git', '.Git'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(climbing, (parts) => {
        const written = parts.join('/');
        const resolved = workPath(written);
        const { verdict } = mayWrite(written, { role: anyone, taskScope: ['**'] });
        if (resolved === null || resolved === '' || /(^|\/)\.git(\/|$)/i.test(resolved)) expect(verdict).toBe('deny');
        else expect(verdict).toBe('allow');
      }),
    );
  });
});

describe('globProblem', () => {
  it.each([
    ['src/**', null],
    ['app/[org]/**/*.tsx', null],
    ['', 'empty'],
    ['../x', 'leaves the repository'],
    ['/etc/**', 'leaves the repository'],
    ['*a*a*a*a*a*a*a*a*a', 'wildcards'],
    ['x'.repeat(400), 'longer than'],
  ])('%j: %s', (glob, problem) => {
    if (problem === null) expect(globProblem(glob)).toBeNull();
    else expect(globProblem(glob)).toContain(problem);
  });
});
