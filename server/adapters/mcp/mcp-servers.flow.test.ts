import { copyFile, mkdir, mkdtemp, rm, unlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxLimits } from '../../domain/checks/limits.ts';
import type { AllowedTool } from '../../domain/mcp/mcp-server.ts';
import type { McpPlace, McpServers } from '../../domain/ports/mcp.ts';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { localSandbox } from '../sandbox/local.ts';
import { mcpServers } from './mcp-servers.ts';

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
  await rm(root, { recursive: true, force: true });
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
});
