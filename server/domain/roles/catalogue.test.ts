import { describe, expect, it } from 'vitest';
import { decide } from '../policy/decide.ts';
import { balanced, runPolicy } from '../policy/run-policy.ts';
import { endingTool, toolsFor } from '../tools/role-tools.ts';
import { roleCatalogue } from './catalogue.ts';
import { roleBody } from './role-body.ts';
import { editOf, editProblem, roleEdit } from './role-edit.ts';

describe.each(roleCatalogue)('$name', ({ body }) => {
  it('is a role that can be worked in and changed', () => {
    expect(roleBody.parse(body)).toEqual(body);
    expect(roleEdit.parse(editOf(body))).toEqual(editOf(body));
    expect(editProblem(body, editOf(body))).toBeNull();
    expect(body.tools).toContain(endingTool(body.contract));
    expect(body.tools.filter((tool) => !toolsFor(body.contract).includes(tool))).toEqual([]);
    expect(body.purpose.length).toBeGreaterThan(80);
    expect(body.rules).toHaveLength(3);
  });
});

const may = (name: string, path: string) => {
  const role = roleCatalogue.find((each) => each.name === name)!.body.write;
  const policy = runPolicy({ layers: [balanced], scope: { role, taskScope: ['**'] } });
  return decide({ policy, grants: [], held: [] }, { kind: 'file_write', path }).verdict !== 'deny';
};

it.each([
  ['tech-lead', 'docs/decisions/1.md', true],
  ['tech-lead', 'src/a.js', false],
  ['qa-engineer', 'test/a.test.js', true],
  ['qa-engineer', 'src/a.js', false],
  ['docs-writer', 'docs/api.md', true],
  ['docs-writer', 'AGENTS.md', false],
  ['docs-writer', 'SECURITY.md', false],
  ['release-manager', 'packages/a/CHANGELOG.md', true],
  ['release-manager', 'package.json', false],
  ['dependency-upgrader', 'package-lock.json', true],
  ['dependency-upgrader', 'src/a.js', false],
  ['product-manager', 'docs/a.md', false],
  ['security-reviewer', 'src/a.js', false],
])('%s may write %s: %s', (name, path, is) => expect(may(name, path)).toBe(is));
