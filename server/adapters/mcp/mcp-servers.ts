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

/** One connection to each server at most, with what it offers; the signal bounds the waiting alone. */
function connections(reach: McpReach): (place: McpPlace, signal: AbortSignal) => Promise<Known> {
  const open = new Map<string, Promise<Connected>>();
  const connect = async (place: McpPlace, key: string): Promise<Connected> => {
    const client = new Client({ name: 'fleet', version: '1' }, { capabilities: {} });
    const connection: Connected = { client, offered: null };
    client.onclose = () => void open.delete(key);
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      connection.offered = null;
    });
    try {
      const timeout = Math.min(connectMs, reach.callMs ?? connectMs);
      await client.connect(transportOf(reach, place), { timeout });
      return connection;
    } catch (error) {
      await client.close().catch(() => undefined);
      throw error;
    }
  };
  return async (place, signal) => {
    const key = JSON.stringify(place);
    let opening = open.get(key);
    if (!opening) {
      opening = connect(place, key);
      open.set(key, opening);
      opening.catch(() => open.delete(key));
    }
    const connection = await until(opening, signal);
    const { client } = connection;
    const offered = (connection.offered ??= await until(offeredBy(client, place), signal));
    return { client, offered };
  };
}

/** The servers of one sandbox. */
export function mcpServers(reach: McpReach): McpServers {
  const { callMs = usualCallMs } = reach;
  const connected = connections(reach);
  return {
    async list(place, signal) {
      try {
        const { offered } = await connected(place, signal);
        return { tools: [...offered.values()] };
      } catch (error) {
        signal.throwIfAborted();
        return { problem: `${place.name} could not be asked: ${wordsOf(error)}.` };
      }
    },
    async call(place, { tool, input, signal }) {
      let known: Known;
      try {
        known = await connected(place, signal);
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
        if (!isAnswer(error)) await client.close().catch(() => undefined);
        signal.throwIfAborted();
        return refused(lost(place, error));
      }
    },
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
