import { describe, expect, it } from 'vitest';
import { definitionHash } from './definition-hash.ts';
import { roleBody } from './role-body.ts';
import { decide } from '../policy/decide.ts';
import { balanced, runPolicy } from '../policy/run-policy.ts';
import { starterRoles } from './starter-roles.ts';

describe('starter roles', () => {
  it.each(starterRoles)('$name is a valid role', ({ body }) => {
    expect(roleBody.parse(body)).toEqual(body);
  });

  it('a reviewer has no tool that writes', () => {
    const reviewer = starterRoles.find((role) => role.name === 'code-reviewer');
    expect(reviewer?.body.tools.filter((tool) => ['create', 'replace', 'insert', 'handoff'].includes(tool))).toEqual(
      [],
    );
    expect(reviewer?.body.write.include).toEqual([]);
  });

  it.each([
    ['src/app.ts', true],
    ['docs/api.md', true],
    ['package.json', true],
    ['.env.example', true],
    ['.github/workflows/test.yml', false],
    ['CODEOWNERS', false],
    ['AGENTS.md', false],
    ['packages/a/CLAUDE.md', false],
    ['Dockerfile', false],
    ['.env', false],
    ['.env.production', false],
    ['deploy/key.pem', false],
    ['dist/app.js', false],
    ['node_modules/x/index.js', false],
  ])('developer may write %s: %s', (path, may) => {
    const role = starterRoles[0]!.body.write;
    const policy = runPolicy({ layers: [balanced], scope: { role, taskScope: ['**'] } });
    const { verdict } = decide({ policy, grants: [], held: [] }, { kind: 'file_write', path });
    expect(verdict === 'allow').toBe(may);
  });
});

describe('definitionHash', () => {
  it('does not depend on the order of keys', () => {
    expect(definitionHash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(definitionHash({ b: [{ d: 3, c: 2 }], a: 1 }));
  });
});
