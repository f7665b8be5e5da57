import { z } from 'zod';
import { repoSetup, type RepoSetup } from './repo-setup.ts';
import type { SourceTree } from './source-tree.ts';

const own = '.fleet/environment.json';
const devcontainers = ['.devcontainer/devcontainer.json', '.devcontainer.json'];
export const declarationPaths = [own, ...devcontainers];

/** What a repo declares of itself. It is a proposal of the default branch: nothing holds until a person has saved it. */
export type Declared =
  | { path: string; problem: string }
  | { path: string; problem: null; testCommand: string | null; setup: Partial<RepoSetup> };

const environment = z.strictObject({
  ...repoSetup.partial().shape,
  test: z.string().trim().min(1).max(500).optional(),
});

export function readDeclared({ texts }: SourceTree): Declared | null {
  const text = texts.get(own);
  if (text !== undefined) return readEnvironment(text);
  const path = devcontainers.find((each) => texts.has(each));
  return path === undefined ? null : readDevcontainer(path, texts.get(path)!);
}

function readEnvironment(text: string): Declared {
  const parsed = environment.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    return { path: own, problem: `It is not followed: ${issue?.message ?? 'it cannot be read'}${at}.` };
  }
  const { test = null, ...setup } = parsed.data;
  const given = Object.fromEntries(Object.entries(setup).filter(([key]) => isGiven(text, key)));
  return { path: own, problem: null, testCommand: test, setup: given };
}

/** Defaults of what a declaration does not name must not wipe out what was concluded. */
function isGiven(text: string, key: string): boolean {
  return Object.hasOwn(parseJson(text) as object, key);
}

/** The commands that a devcontainer runs once it is made: a hint where it names a single shell command. */
function readDevcontainer(path: string, text: string): Declared | null {
  const found = parseJson(withoutComments(text));
  if (found === null || typeof found !== 'object') return null;
  const { onCreateCommand, updateContentCommand, postCreateCommand } = found as Record<string, unknown>;
  const lines = [onCreateCommand, updateContentCommand, postCreateCommand].filter((each) => typeof each === 'string');
  if (lines.length === 0) return null;
  const setup = repoSetup.shape.install.safeParse(lines.join('\n'));
  return setup.success ? { path, problem: null, testCommand: null, setup: { install: setup.data } } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Comments and commas before a closing bracket, which devcontainer files may have, outside strings. */
function withoutComments(text: string): string {
  const bare = text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//gu, (_, string?: string) => string ?? '');
  return bare.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/gu, (_, string?: string) => string ?? '');
}
