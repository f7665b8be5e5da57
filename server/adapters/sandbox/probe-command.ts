import type { ExecResult, SandboxHealth, SandboxLimits } from '../../domain/ports/sandbox.ts';

export const probeLimits: SandboxLimits = {
  processes: 64,
  fileBytes: 2 ** 20,
  memoryBytes: 2 ** 29,
  diskBytes: 2 ** 26,
  cpus: 1,
};

export const noLimits: SandboxHealth['limits'] = {
  processes: null,
  fileBytes: null,
  memoryBytes: null,
  diskBytes: null,
  cpus: null,
};

/** Who one is in a sandbox, and the tools that repositories expect there. */
export const probeCommand = ['id -u', 'node -v', 'git --version', 'rg --version', 'python3 -V', 'make --version']
  .map((command) => `${command} 2>&1 | head -n 1`)
  // Its version alone would take as long as all the others.
  .concat('command -v chromium || echo "bash: chromium: not found"')
  .join('; ');

function inWords(tool: string | undefined): string {
  return tool === 'chromium'
    ? 'chromium (optional, for agents’ browser tools: apt-get install -y chromium)'
    : `${tool}`;
}

type Provider = { what: string; note: string; limits: SandboxHealth['limits'] };

/** What the answer to `probeCommand` says of a provider. */
export function judgeProbe(result: ExecResult, { what, note, limits }: Provider): SandboxHealth {
  const [user, ...tools] = Buffer.concat([result.head, result.tail]).toString().trim().split('\n');
  if (user !== '1000') return { ok: false, detail: `A command in the sandbox did not work: ${user}`, limits };
  const missing = tools.filter((line) => line.includes('not found')).map((line) => line.split(': ').at(-2));
  const lacking = missing.length > 0 ? `; not installed there: ${missing.map(inWords).join(', ')}` : '';
  return { ok: true, detail: `${what}, no network, ${tools.length - missing.length} tools${lacking}${note}`, limits };
}
