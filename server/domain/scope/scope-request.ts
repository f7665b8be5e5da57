import type { GrantAllows } from '../policy/grant.ts';
import { globProblem } from './glob.ts';
import { workPath } from './work-path.ts';
import type { Verdict } from '../policy/verdict.ts';

const everything = new Set(['', '.', '*', '**', '**/*']);
const hostName = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

const hasWildcard = (path: string) => /[*?{]/.test(path);

type MayWrite = (path: string) => Verdict;

function pathProblem(written: string, mayWrite: MayWrite): string | null {
  const path = hasWildcard(written) ? written : workPath(written);
  if (path === null) return `\`${written}\` is not a path inside the repository.`;
  if (everything.has(path))
    return `\`${written}\` is the whole repository. Name the files or folders that the task needs.`;
  const problem = globProblem(path);
  if (problem !== null) return problem;
  // Whether a pattern goes where the role may never write is judged at each write.
  if (hasWildcard(path)) return null;
  const { verdict, reason } = mayWrite(path);
  if (verdict === 'allow') return `\`${path}\` is in your scope already: write it.`;
  if (verdict === 'ask') return null;
  return `${reason} No request opens that; where the task cannot be done without it, report it as a blocker.`;
}

function hostProblem(host: string): string | null {
  if (hostName.test(host)) return null;
  return `\`${host}\` is no host name. Name it in lower case without scheme, port or path, such as registry.npmjs.org; addresses are never opened.`;
}

/** A request as it is put before people: paths in normal form, nothing twice. */
export function tidyScopeRequest({ paths, hosts, commands, tools = [] }: GrantAllows): GrantAllows {
  const once = (entries: string[]) => [...new Set(entries)];
  return {
    paths: once(paths.map((path) => (hasWildcard(path) ? path : (workPath(path) ?? path)))),
    hosts: once(hosts.map((host) => host.toLowerCase())),
    commands: once(commands.map((command) => command.trim())),
    ...(tools.length > 0 && { tools: once(tools) }),
  };
}

/** Why nobody needs to be asked, in words for the agent; null for a request that only a person can answer. */
export function scopeRequestProblem({ paths, hosts }: GrantAllows, mayWrite: MayWrite): string | null {
  const problems = [...paths.map((path) => pathProblem(path, mayWrite)), ...hosts.map(hostProblem)];
  return problems.find((problem) => problem !== null) ?? null;
}
