import { copyFile, mkdir, mkdtemp, unlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLimits } from '../../domain/checks/limits.ts';
import type { AllowedTool } from '../../domain/mcp/mcp-server.ts';
import type { McpPlace, McpServers } from '../../domain/ports/mcp.ts';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import type { Outlet } from '../../domain/ports/web.ts';
import { localSandbox } from '../sandbox/local.ts';
import { processesWith } from '../sandbox/testing/leaks.ts';
import { mcpServers } from './mcp-servers.ts';
import { removeLivedIn } from '../../testing/remove-lived-in.ts';

const { signal } = new AbortController();
const place: McpPlace = { name: 'small', transport: { kind: 'stdio', command: 'exec node stdio-server.mjs' } };

let root: string;
let tree: string;
let sandbox: Sandbox;
const outlet = () => {
  throw new Error('no network here');
};
const open = (callMs?: number): McpServers => mcpServers({ sandbox, outlet, ...(callMs && { callMs }) });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fleet-mcp-'));
  tree = join(root, 'tree');
  await mkdir(tree);
  await copyFile(new URL('testing/stdio-server.mjs', import.meta.url), join(tree, 'stdio-server.mjs'));
  sandbox = await localSandbox({ dataDir: join(root, 'data') }).open({
    ...{ id: 'mcp-test', tree, writable: true, limits: sandboxLimits },
    env: { TRACKER_TOKEN: 'placeholder' },
  });
});
afterAll(async () => {
  await sandbox.dispose();
  await removeLivedIn(root);
});

async function allowed(servers: McpServers, name: string): Promise<AllowedTool> {
  const answer = await servers.list(place, signal);
  if (!('tools' in answer)) throw new Error(answer.problem);
  return answer.tools.find((tool) => tool.name === name)!;
}

describe('a server in the sandbox', () => {
  it('says what it offers, without what nobody can see, and answers call after call in one process', async () => {
    const servers = open();
    const keep = await allowed(servers, 'keep');
    expect(await allowed(servers, 'count_words')).toMatchObject({ description: 'Counts words.', risk: 'reads' });
    expect(keep).toMatchObject({ risk: 'destroys', problem: null });
    const call = (text: string) => servers.call(place, { tool: keep, input: { text }, signal });
    const [one, two] = [await call('a'), await call('b')];
    expect(one).toEqual({
      kind: 'answered',
      isError: false,
      text: expect.stringMatching(/^kept by process \d+, token placeholder$/),
    });
    expect(two).toEqual(one);
    expect(existsSync(join(tree, 'kept'))).toBe(true);
  });

  it('that dies says with what words, and the next call has a new one', async () => {
    const servers = open();
    const die = await allowed(servers, 'die');
    expect(await servers.call(place, { tool: die, input: {}, signal })).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(
        /did not answer: it ended with exit code 7; its errors end with: out of ideas\. Nobody knows/,
      ),
    });
    const count = await allowed(servers, 'count_words');
    const input = { text: 'a b c' };
    expect(await servers.call(place, { tool: count, input, signal })).toMatchObject({ text: '3' });
  });

  it.each([
    ['hang', /did not answer: Request timed out.*started afresh/],
    ['flood', /did not answer: it (?:sent|answered with) more than 4/],
  ])('that does this, %s, is an error that says so', async (name, words) => {
    const servers = open(4_000);
    const tool = await allowed(servers, name);
    const answer = await servers.call(place, { tool, input: {}, signal });
    expect(answer).toEqual({ kind: 'refused', reason: expect.stringMatching(words) });
  });

  it('that also prints what is no message is heard all the same', async () => {
    const servers = open();
    const tool = await allowed(servers, 'babble');
    expect(await servers.call(place, { tool, input: {}, signal })).toMatchObject({ kind: 'answered', text: 'babbled' });
  });

  it('whose tool is described anew is not called, also where that happens while it runs', async () => {
    const servers = open();
    const [count, rename] = [await allowed(servers, 'count_words'), await allowed(servers, 'rename')];
    expect(await servers.call(place, { tool: rename, input: {}, signal })).toMatchObject({ text: 'renamed' });
    const answer = await servers.call(place, { tool: count, input: { text: 'a' }, signal });
    await unlink(join(tree, 'changed'));
    expect(answer).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(/now describes count_words otherwise than when a person allowed it/),
    });
    const gone = { ...count, name: 'vanished' };
    expect(await servers.call(place, { tool: gone, input: {}, signal })).toMatchObject({
      reason: expect.stringMatching(/does not offer vanished any more/),
    });
  });

  it('that cannot be started says why, and an aborted call is over at once', async () => {
    const servers = open();
    const nowhere: McpPlace = { name: 'none', transport: { kind: 'stdio', command: 'exec no-such-program --flag' } };
    expect(await servers.list(nowhere, signal)).toEqual({
      problem: expect.stringMatching(/none could not be asked: it ended with exit code 127.*no-such-program/),
    });
    const hang = await allowed(servers, 'hang');
    const stop = new AbortController();
    const calling = servers.call(place, { tool: hang, input: {}, signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(calling).rejects.toThrow('stopped');
  });

  it('ends when it is let go of', async () => {
    const servers = open();
    const keep = await allowed(servers, 'keep');
    const mark = randomUUID();
    const marked: McpPlace = {
      name: 'small',
      transport: { kind: 'stdio', command: `exec node stdio-server.mjs ${mark}` },
    };
    const call = () => servers.call(marked, { tool: keep, input: { text: 'a' }, signal });
    for (let times = 0; times < 2; times += 1) {
      expect(await call()).toMatchObject({ kind: 'answered' });
      expect(processesWith(mark)).not.toEqual([]);
      await servers.close();
      await servers.close();
      await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
    }
  });
});

/** A server at an address whose first list of tools is none; `begun` counts the connections made to it. */
function forgetful() {
  const seen = { begun: 0, lists: 0 };
  const results: Record<string, (params: { protocolVersion?: string }) => object> = {
    initialize({ protocolVersion }) {
      seen.begun += 1;
      return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'forgetful', version: '1' } };
    },
    'tools/list'() {
      seen.lists += 1;
      return seen.lists === 1 ? { tools: 'none' } : { tools: [{ name: 'find', inputSchema: { type: 'object' } }] };
    },
  };
  const send: Outlet['send'] = async ({ body = new Uint8Array() }) => {
    const { id, method, params = {} } = JSON.parse(Buffer.from(body).toString() || '{}');
    const result = results[method]?.(params);
    const text = result ? JSON.stringify({ jsonrpc: '2.0', id, result }) : '';
    const chunks = async function* () {
      yield Buffer.from(text);
    };
    const headers = new Headers({ 'content-type': 'application/json' });
    return { kind: 'answered', status: result ? 200 : 202, headers, body: chunks() };
  };
  return { seen, outlet: () => ({ outlet: { policy: { registries: [], rules: [] }, send }, headers: {} }) };
}

describe('a server at an address', () => {
  it('that could not say what it offers is connected to anew', async () => {
    const { seen, outlet: way } = forgetful();
    const servers = mcpServers({ sandbox: null, outlet: way });
    const there: McpPlace = {
      name: 'forgetful',
      transport: { kind: 'http', url: 'https://forgetful.test/mcp', secrets: [] },
    };
    expect(await servers.list(there, signal)).toEqual({ problem: expect.stringMatching(/could not be asked/) });
    expect(await servers.list(there, signal)).toMatchObject({ tools: [{ name: 'find' }] });
    expect(await servers.list(there, signal)).toMatchObject({ tools: [{ name: 'find' }] });
    expect(seen).toEqual({ begun: 2, lists: 2 });
    await servers.close();
    await servers.list(there, signal);
    expect(seen.begun).toBe(3);
    await servers.close();
  });
});
