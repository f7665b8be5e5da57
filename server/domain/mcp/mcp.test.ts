import { describe, expect, it } from 'vitest';
import { mcpServerName, mcpTransport, readModelName, type AllowedTool } from './mcp-server.ts';
import { readOffered } from './read-offered.ts';
import { closedSince, mcpToolsNow, mcpToolsOf, type RoleServer } from './run-tools.ts';

describe('what a server offers', () => {
  const object = { type: 'object' };

  it('is shown without what nobody can see, and hashed with it', () => {
    const hidden = 'Adds.\u202e\u200b\u{e0041}\u0007\nThen more.';
    const tool = readOffered('s', { name: 'add', description: hidden, inputSchema: { ...object, title: 'a\u200bb' } });
    expect(tool).toMatchObject({ description: 'Adds. Then more.', inputSchema: { title: 'ab' }, problem: null });
    const plain = readOffered('s', { name: 'add', description: 'Adds. Then more.', inputSchema: object });
    expect(plain.hash).not.toBe(tool.hash);
  });

  it.each([
    [{ name: 'a.b', inputSchema: object }, /other characters/],
    [{ name: 'a'.repeat(64), inputSchema: object }, /too long/],
    [{ name: 'a', inputSchema: { type: 'array' } }, /no object/],
    [{ name: 'a', inputSchema: { ...object, description: 'x'.repeat(16_000) } }, /over 16000/],
  ])('%j cannot be given to a model', (raw, problem) => {
    expect(readOffered('s', raw)).toMatchObject({ problem: expect.stringMatching(problem), inputSchema: {} });
  });

  it.each([
    [undefined, 'destroys'],
    [{ readOnlyHint: true }, 'reads'],
    [{ destructiveHint: false }, 'writes'],
    [{ readOnlyHint: false, destructiveHint: true }, 'destroys'],
  ])('hints %j are taken as %s', (annotations, risk) => {
    expect(readOffered('s', { name: 'a', inputSchema: object, ...(annotations && { annotations }) }).risk).toBe(risk);
  });

  it('has a description that ends, and a depth that ends', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`) as object;
    const tool = readOffered('s', { name: 'a', description: 'x'.repeat(9_000), inputSchema: { ...object, deep } });
    expect(tool.description).toHaveLength(2_001);
    expect(JSON.stringify(tool.inputSchema).length).toBeLessThan(400);
  });
});

describe('the tools of a run', () => {
  const tool = (name: string, description = 'x'): AllowedTool => ({
    ...{ name, description, inputSchema: { type: 'object', properties: { b: {}, a: {} } }, hash: 'h', risk: 'reads' },
  });
  const server = (name: string, ...tools: AllowedTool[]): RoleServer => ({
    name,
    transport: { kind: 'stdio', command: 'x' },
    tools,
  });
  const names = (servers: RoleServer[]) => mcpToolsNow(servers).map(({ definition }) => definition.name);

  it('stand in one order, whatever the order they come in', () => {
    const expected = ['mcp__a__y', 'mcp__b__x', 'mcp__b__z'];
    expect(names([server('b', tool('z'), tool('x')), server('a', tool('y'))])).toEqual(expected);
    expect(names([server('a', tool('y')), server('b', tool('x'), tool('z'))])).toEqual(expected);
  });

  it('stay those it began with: none is added, one taken back or described anew is closed', () => {
    const fixed = mcpToolsNow([server('a', tool('kept'), tool('changed'), tool('gone'))]).map(
      (each) => each.definition,
    );
    const stored = JSON.parse(JSON.stringify(fixed, Object.keys({ a: 1, b: 1, description: 1, input_schema: 1, name: 1, properties: 1, type: 1 }))) as typeof fixed; // prettier-ignore
    const now = [server('a', tool('kept'), tool('changed', 'y'), tool('new'))];
    const states = mcpToolsOf([{ name: 'shell', description: '', input_schema: {} }, ...stored], now).map(
      (each) => `${each.definition.name} ${each.kind}`,
    );
    expect(states).toEqual(['mcp__a__changed closed', 'mcp__a__gone closed', 'mcp__a__kept open']);
  });

  it('are closed within a slice when they are taken back, described anew, or judged otherwise', () => {
    const began = mcpToolsNow([server('a', tool('kept'), tool('changed'), tool('gone'), tool('risky'))]);
    const risky: AllowedTool = { ...tool('risky'), risk: 'destroys' };
    const now = [server('a', tool('kept'), tool('changed', 'y'), risky)];
    expect([...closedSince(began, now)]).toEqual(['mcp__a__changed', 'mcp__a__gone', 'mcp__a__risky']);
    expect([...closedSince(began, [])]).toHaveLength(4);
  });
});

it.each([
  ['mcp__a-b__find', { server: 'a-b', tool: 'find' }],
  ['mcp__a__b__c', { server: 'a', tool: 'b__c' }],
  ['mcp__a', null],
  ['shell', null],
])('%s is read as %j', (name, read) => expect(readModelName(name)).toEqual(read));

it.each(['tracker', 'a1-b'])('a server may be named %s', (name) =>
  expect(mcpServerName.safeParse(name).success).toBe(true),
);
it.each(['Tracker', 'a_b', 'a--b', '1a', '', 'a'.repeat(25)])('a server may not be named %j', (name) =>
  expect(mcpServerName.safeParse(name).success).toBe(false),
);

it.each([
  ['ftp://a.example', /whole address/],
  ['https://u:p@a.example/', /Leave user name/],
  ['http://127.0.0.1:8080/', /addresses in numbers/],
  ['http://[::1]/', /addresses in numbers/],
])('%s is no address of a server', (url, words) => {
  const read = mcpTransport.safeParse({ kind: 'http', url, secrets: [] });
  expect(read.error?.issues[0]?.message).toMatch(words);
});
