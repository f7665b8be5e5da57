import type { RepoSetup } from './repo-setup.ts';

/** Programs that a repo's commands may begin with and that a sandbox has or has not. */
const known = ['node', 'npm', 'npx', 'python3', 'go', 'cargo', 'mvn', 'java', 'make', 'gcc', 'git'] as const;
/** Brought by a set-up that looks for them first. */
const brought = ['pnpm', 'yarn', 'uv', 'poetry'] as const;
const shown = ['node', 'npm', 'python3', 'go', 'cargo', 'java', 'mvn', 'make', 'gcc', 'git', ...brought];

/** Prints one line for each tool there is, with its version. */
export const toolsScript = [
  `for tool in ${shown.join(' ')}; do`,
  '  command -v "$tool" >/dev/null 2>&1 || continue',
  '  case "$tool" in go) asked=version ;; *) asked=--version ;; esac',
  '  printf "%s %s\\n" "$tool" "$("$tool" "$asked" 2>&1 </dev/null | head -n 1)"',
  'done',
  'printf "machine %s\\n" "$(uname -m)"',
  // What was built against one system's libraries is not used on another's, however alike their tools are.
  `printf "system %s %s\\n" "$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release /usr/lib/os-release 2>/dev/null | head -n 1 | tr -d '"')" "$(getconf GNU_LIBC_VERSION 2>/dev/null)"`,
].join('\n');

/** What `toolsScript` printed. Another text is another tool chain: what was installed with one is not used with another. */
export function readTools(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Tools that the commands of a repo name as the first word of a line or part, and that are not there. */
export function missingTools(commands: { testCommand: string; setup: RepoSetup }, tools: readonly string[]): string[] {
  const { testCommand, setup } = commands;
  const there = new Set(tools.map((line) => line.split(' ')[0]));
  const text = [testCommand, setup.install, setup.build, ...setup.tests.map(({ command }) => command)].join('\n');
  const firsts = text.split(/[\n;|&(){}]+/u).map((part) => /^\s*(?:\w+=\S*\s+)*([\w./-]+)/u.exec(part)?.[1] ?? '');
  const named = new Set([...firsts, ...(firsts.includes('./mvnw') ? ['java'] : [])]);
  const asked = known.filter((tool) => named.has(tool === 'npx' ? 'npx' : tool));
  const lookedFor = brought.filter((tool) => named.has(tool) && !setup.install.includes(`command -v ${tool}`));
  return [...asked, ...lookedFor].filter((tool) => !there.has(tool) && !(tool === 'npx' && there.has('npm')));
}
