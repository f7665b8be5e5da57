import { AppError } from '../../server/domain/errors.ts';
import type { McpTransport } from '../../server/domain/mcp/mcp-server.ts';
import type { SandboxEgress } from '../../server/domain/ports/sandbox.ts';
import type { Outlet } from '../../server/domain/ports/web.ts';
import type { Worker } from './worker.ts';

type Http = Extract<McpTransport, { kind: 'http' }>;

/**
 * The way to one MCP server and nowhere else: naming it for a role opens its address to this client, and to nothing in the
 * sandbox. Requests are written down where the sandbox's are. Throws for a secret that is not there.
 */
export function mcpOutlet(
  { outlet }: Pick<Worker, 'outlet'>,
  egress: SandboxEgress,
  { url, secrets }: Http,
): { outlet: Outlet; headers: Record<string, string> } {
  const { hostname: host, port, protocol } = new URL(url);
  const ports = [port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)];
  const credentials = egress.credentials.filter(({ name }) => secrets.includes(name));
  const missing = secrets.filter((name) => !credentials.some((each) => each.name === name));
  if (missing.length > 0) {
    throw new AppError('invalid_input', `the secret ${missing.join(', ')} is not saved for runs of this repo`);
  }
  const headers = credentials.map(({ form, placeholder }) => [form.header, form.text.replace('{}', placeholder)]);
  const policy = { registries: [], rules: [{ host, ports }] };
  return {
    // Without what judges an agent's requests: its calls are judged as what they are, and the address was named by people.
    outlet: outlet({ policy, credentials, record: egress.record }),
    headers: Object.fromEntries(headers),
  };
}
