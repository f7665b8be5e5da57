import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandRunner } from '../server/boot/run-command.ts';
import { processEnvironment } from '../server/config/config.ts';
import { chainEvent, chainStart, hex } from '../server/domain/audit/chain.ts';
import { exportedEvent } from '../server/domain/audit/exported-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fleet-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command = path.join(import.meta.dirname, 'fleet.mjs');
const fleet = (args: string[], env: Record<string, string | undefined> = {}) =>
  commandRunner(processEnvironment())(process.execPath, [command, ...args], {
    env: { FLEET_DATA_DIR: path.join(folder, 'data'), ...env } as Record<string, string>,
  });

describe('the command', () => {
  test('says what it can do', async () => {
    const { code, stdout } = await fleet(['--help']);
    expect(code).toBe(0);
    for (const name of ['up', 'demo', 'doctor', 'owner-link', 'export', 'verify', 'engine'])
      expect(stdout).toContain(`  ${name} `);
  });

  test.each([
    { args: ['nonsense'], env: {}, says: "unknown command 'nonsense'" },
    { args: ['up'], env: { PORT: 'http' }, says: 'The environment variable PORT must be a port number' },
    { args: ['owner-link'], env: {}, says: 'Start it first: npm start' },
    { args: ['export', 'acme'], env: {}, says: 'Start it first: npm start' },
    { args: ['demo', '--sandbox', 'nonsense'], env: {}, says: 'No engine nonsense was found' },
    { args: ['engine', 'test', 'pods'], env: {}, says: 'npx fleet engine add pods --url URL' },
    { args: ['engine', 'use', 'local', '--org', 'acme'], env: {}, says: 'Start it first: npm start' },
    { args: ['trust'], env: {}, says: 'Say who' },
    { args: ['verify', '/nowhere/log.jsonl'], env: {}, says: '/nowhere/log.jsonl cannot be read' },
  ])('$args: refused with a message and no stack', async ({ args, env, says }) => {
    const { code, stderr } = await fleet(args, env);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('    at ');
  });
});

describe('verify', () => {
  const place = { org: 'org_1', stream: 'str_1' };
  const at = new Date('2026-11-20T10:00:00Z');
  const actor = { type: 'system', reason: 'test' } as const;
  const event = chainEvent(
    { ...place, head: chainStart },
    { kind: 'noted', at, actor, payload: 1, salt: new Uint8Array(16) },
  );
  const head = { type: 'head', ...place, seq: 1, hash: hex(event.hash) };
  const lines = [head, exportedEvent('str_1', event)].map((line) => JSON.stringify(line));

  test.each([
    {
      name: 'JSON Lines',
      text: `${lines.join('\n')}\n`,
      code: 0,
      says: '✓ nothing missing, nothing changed (streams: 1, events: 1)',
    },
    { name: 'one JSON array', text: `[${lines.join(',')}]`, code: 0, says: '✓ nothing missing' },
    {
      name: 'changed',
      text: lines.join('\n').replace('"kind":"noted"', '"kind":"x"'),
      code: 1,
      says: '✗ stream str_1, event 1:',
    },
    { name: 'cut', text: lines[0] ?? '', code: 1, says: '✗ stream str_1, event 1: is missing' },
  ])('a log: $name', async ({ text, code, says }) => {
    const file = path.join(folder, 'log.jsonl');
    writeFileSync(file, text);
    const result = await fleet(['verify', file]);
    expect(result.stdout).toContain(says);
    expect(result.code).toBe(code);
  });

  test.each([
    ['other JSON', '{"type":"tail"}', 'line 1: not a line of an exported log'],
    ['no JSON', 'hello', 'line 1 is not JSON'],
    ['nothing', '', 'holds no stream'],
  ])('what is no log: %s', async (_, text, says) => {
    const file = path.join(folder, 'log.jsonl');
    writeFileSync(file, text);
    const { code, stderr } = await fleet(['verify', file]);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });
});
