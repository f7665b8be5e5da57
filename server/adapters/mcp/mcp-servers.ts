import { Client, ProtocolError, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { mostOffered, rawTool, readOffered } from '../../domain/mcp/read-offered.ts';
import type { McpTransport, OfferedTool } from '../../domain/mcp/mcp-server.ts';
import type { McpAnswer, McpPlace, McpServers } from '../../domain/ports/mcp.ts';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import type { Outlet } from '../../domain/ports/web.ts';
import { callMs as usualCallMs, connectMs } from './limits.ts';
import { outletFetch } from './outlet-fetch.ts';
import { SandboxTransport } from './sandbox-transport.ts';
import { callResult, wordsOf } from './call-result.ts';

export type McpReach = {
  sandbox: Pick<Sandbox, 'exec' | 'start'> | null;
  /** The way to one address, with the headers that stand for its secrets. */
  outlet(transport: Extract<McpTransport, { kind: 'http' }>): { outlet: Outlet; headers: Record<string, string> };
  callMs?: number;
};

type Offered = Map<string, OfferedTool>;
/** `offered` null: to be asked for anew. */
type Connected = { client: Client; offered: Offered | null };

const toolList = z.looseObject({ tools: z.array(rawTool), nextCursor: z.string().optional() });
const mostPages = 10;

type Known = { client: Client; offered: Offered };

type Opening = { client: Client; connecting: Promise<Connected> };

type Connections = {
  to(place: McpPlace, signal: AbortSignal): Promise<Known>;
  close(): Promise<void>;
};

/** One connection to each server at most, with what it offers; the signal bounds the waiting alone. */
function connections(reach: McpReach): Connections {
  const open = new Map<string, Opening>();
  const forget = (key: string, client: Client) => {
    if (open.get(key)?.client === client) open.delete(key);
  };
  const connect = async (place: McpPlace, client: Client): Promise<Connected> => {
    const connection: Connected = { client, offered: null };
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      connection.offered = null;
    });
    try {
      const timeout = Math.min(connectMs, reach.callMs ?? connectMs);
      await client.connect(transportOf(reach, place), { timeout });
      return connection;
    } catch (error) {
      await letGo(client);
      throw error;
    }
  };
  const begin = (place: McpPlace, key: string): Opening => {
    const client = new Client({ name: 'fleet', version: '1' }, { capabilities: {} });
    client.onclose = () => forget(key, client);
    const opening = { client, connecting: connect(place, client) };
    open.set(key, opening);
    opening.connecting.catch(() => forget(key, client));
    return opening;
  };
  return {
    async to(place, signal) {
      const key = JSON.stringify(place);
      const { client, connecting } = open.get(key) ?? begin(place, key);
      const connection = await until(connecting, signal);
      const offered = (connection.offered ??= await until(askOffered(client, place), signal));
      return { client, offered };
    },
    async close() {
      const clients = [...open.values()].map(({ client }) => client);
      open.clear();
      await Promise.all(clients.map(letGo));
    },
  };
}

const letGo = (client: Client): Promise<void> => client.close().catch(() => undefined);

/** One that cannot say what it offers is not left open: the next call begins with a server that was started afresh. */
async function askOffered(client: Client, place: McpPlace): Promise<Offered> {
  try {
    return await offeredBy(client, place);
  } catch (error) {
    await letGo(client);
    throw error;
  }
}

/** The servers of one sandbox. */
export function mcpServers(reach: McpReach): McpServers {
  const { callMs = usualCallMs } = reach;
  const connected = connections(reach);
  return {
    async list(place, signal) {
      try {
        const { offered } = await connected.to(place, signal);
        return { tools: [...offered.values()] };
      } catch (error) {
        signal.throwIfAborted();
        return { problem: `${place.name} could not be asked: ${wordsOf(error)}.` };
      }
    },
    async call(place, { tool, input, signal }) {
      let known: Known;
      try {
        known = await connected.to(place, signal);
      } catch (error) {
        signal.throwIfAborted();
        return refused(`${place.name} could not be reached: ${wordsOf(error)}. Try once more, or go on without it.`);
      }
      const { client, offered } = known;
      const now = offered.get(tool.name);
      if (now?.hash !== tool.hash) return refused(otherThanAllowed(place, tool.name, now !== undefined));
      try {
        const params = { name: tool.name, arguments: input };
        const answer = await client.request({ method: 'tools/call', params }, z.unknown(), { signal, timeout: callMs });
        return callResult(answer);
      } catch (error) {
        // Whatever it is at, it is not left at it: the next call begins with a server that was started afresh.
        if (!isAnswer(error)) await letGo(client);
        signal.throwIfAborted();
        return refused(lost(place, error));
      }
    },
    close: () => connected.close(),
  };
}

const refused = (reason: string): McpAnswer => ({ kind: 'refused', reason });

function transportOf({ sandbox, outlet }: McpReach, { transport }: McpPlace): Transport {
  if (transport.kind === 'http') {
    const { outlet: way, headers } = outlet(transport);
    return new StreamableHTTPClientTransport(new URL(transport.url), {
      fetch: outletFetch(way),
      requestInit: { headers },
    });
  }
  if (sandbox === null) throw new Error('there is no sandbox for it here');
  return new SandboxTransport(sandbox, transport.command);
}

async function offeredBy(client: Client, { name: server }: McpPlace): Promise<Offered> {
  const offered: Offered = new Map();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request({ method: 'tools/list', params }, toolList, { timeout: connectMs });
    for (const raw of answer.tools) offered.set(raw.name, readOffered(server, raw));
    if (offered.size > mostOffered) throw new Error(`it offers more than ${mostOffered} tools`);
    cursor = answer.nextCursor;
    if (cursor === undefined) return offered;
  }
  throw new Error(`its list of tools has more than ${mostPages} pages`);
}

/** An error that the server itself answered with; it lives and may be asked again. */
function isAnswer(error: unknown): boolean {
  return error instanceof ProtocolError;
}

function lost({ name }: McpPlace, error: unknown): string {
  if (isAnswer(error)) return `${name} refused the call: ${wordsOf(error)}.`;
  return (
    `${name} did not answer: ${wordsOf(error)}. Nobody knows whether the call did anything. Look before you repeat it; ` +
    'the server is started afresh with the next call.'
  );
}

function otherThanAllowed({ name }: McpPlace, tool: string, there: boolean): string {
  const what = there
    ? `${name} now describes ${tool} otherwise than when a person allowed it`
    : `${name} does not offer ${tool} any more`;
  return `Nothing was called: ${what}. It stays closed until a person has looked at it again under Settings, Tools. Go on without it.`;
}

/** Waits no longer than the signal lets; what was begun goes on for others. */
async function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const done = new AbortController();
  const cut = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([promise, cut]);
  } finally {
    done.abort();
  }
}
