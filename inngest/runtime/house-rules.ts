import type { Instructions } from '../../server/agent/prompts/brief.ts';
import type { AgentPorts } from '../../server/agent/ports.ts';
import type { CodeHost } from '../../server/domain/ports/code-host.ts';

/** Files of a repository that speak to whoever works in it. */
const ruleFiles = ['AGENTS.md', 'CLAUDE.md'];
/** Files that say what environment a repository wants. */
const hintFiles = [
  'devcontainer.json',
  '.devcontainer.json',
  '.tool-versions',
  'mise.toml',
  '.nvmrc',
  '.node-version',
  '.python-version',
  '.ruby-version',
  'flake.nix',
  'Dockerfile',
  'docker-compose.yml',
  'compose.yaml',
];
const mostFiles = 500;
const mostHints = 12;

type At = { mirror: string; commit: string };

const isNested = (path: string) => path.includes('/');
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

async function textAt(codeHost: CodeHost, at: At & { path: string }): Promise<string | null> {
  const bytes = await codeHost.fileAt(at);
  return bytes ? new TextDecoder().decode(bytes) : null;
}

/** What a commit says to whoever works in it: the rules at its root, where further ones lie, and what it wants installed. */
export async function repositoryWords(codeHost: CodeHost, at: At) {
  const paths = await codeHost.pathsNamed({ ...at, names: [...ruleFiles, ...hintFiles], most: mostFiles });
  const instructions: Instructions[] = [];
  for (const path of ruleFiles.filter((name) => paths.includes(name))) {
    const text = await textAt(codeHost, { ...at, path });
    if (text !== null) instructions.push({ path, text });
  }
  const hints = paths.filter((path) => hintFiles.includes(nameOf(path)) && (!isNested(path) || path.startsWith('.')));
  const nested = paths.filter((path) => ruleFiles.includes(nameOf(path)) && isNested(path));
  return { instructions, nested, hints: hints.slice(0, mostHints) };
}

/** The rules of folders, as the run's start commit has them: what the agent writes meanwhile makes no rules. */
export function houseRules(codeHost: CodeHost, at: At): AgentPorts['houseRules'] {
  let paths: Promise<string[]> | null = null;
  return {
    paths: () =>
      (paths ??= codeHost
        .pathsNamed({ ...at, names: ruleFiles, most: mostFiles })
        .then((found) => found.filter(isNested))),
    read: (path) => textAt(codeHost, { ...at, path }),
  };
}
