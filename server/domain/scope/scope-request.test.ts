import { describe, expect, it } from 'vitest';
import { decide } from '../policy/decide.ts';
import { balanced, runPolicy } from '../policy/run-policy.ts';
import { scopeRequestProblem, tidyScopeRequest } from './scope-request.ts';

const scope = { role: { include: ['**'], exclude: ['@ci', '@secrets'] }, taskScope: ['src/**'] };
const policy = runPolicy({ layers: [balanced], scope });
const mayWrite = (path: string) => decide({ policy, grants: [], held: [] }, { kind: 'file_write', path });
const none = { paths: [], hosts: [], commands: [] };

describe('a request for scope', () => {
  it.each([
    [{ paths: ['docs/api.md'] }, null],
    [{ paths: ['docs/**', 'CHANGELOG.md'] }, null],
    [{ hosts: ['registry.npmjs.org', '*.example.com'] }, null],
    [{ commands: ['npm publish --dry-run'] }, null],
    [{ paths: ['src/a.js'] }, /in your scope already/],
    [{ paths: ['.github/workflows/test.yml'] }, /@ci.*No request opens that/s],
    [{ paths: ['.git/config'] }, /belongs to git itself/],
    [{ paths: ['../x'] }, /not a path inside/],
    [{ paths: ['../*'] }, /leaves the repository/],
    [{ paths: ['**'] }, /the whole repository/],
    [{ paths: ['.'] }, /the whole repository/],
    [{ paths: ['*a*b*c*d*e*f*g*h*i*'] }, /wildcards/],
    [{ hosts: ['127.0.0.1'] }, /no host name/],
    [{ hosts: ['2130706433'] }, /no host name/],
    [{ hosts: ['localhost'] }, /no host name/],
    [{ hosts: ['https://example.com'] }, /no host name/],
    [{ hosts: ['example.com:8080'] }, /no host name/],
    [{ hosts: ['*'] }, /no host name/],
  ])('%j', (request, problem) => {
    const said = scopeRequestProblem({ ...none, ...request }, mayWrite);
    if (problem === null) expect(said).toBeNull();
    else expect(said).toMatch(problem);
  });

  it('is tidied before people see it', () => {
    const request = {
      paths: ['/work/docs/api.md', 'docs//api.md'],
      hosts: ['Example.COM'],
      commands: [' make ', 'make'],
    };
    expect(tidyScopeRequest(request)).toEqual({ paths: ['docs/api.md'], hosts: ['example.com'], commands: ['make'] });
  });
});
