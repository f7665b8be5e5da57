import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandRunner } from '../server/boot/run-command.ts';
import { processEnvironment } from '../server/config/config.ts';
import { madeLog, makeKey } from '../server/domain/audit/testing/made-log.ts';

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
    for (const name of [
      'up',
      'demo',
      'doctor',
      'owner-link',
      'export',
      'verify',
      'engine',
      'master-key',
      'login',
      'status',
      'task',
      'log',
    ])
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
    { args: ['master-key', 'rotate'], env: {}, says: 'Start it first: npm start' },
    { args: ['trust'], env: {}, says: 'Say who' },
    { args: ['status', '--login', '/nowhere/login.json'], env: {}, says: 'Log in first' },
    { args: ['login', '--url', 'http://fleet.example.com'], env: {}, says: 'over https only' },
    { args: ['login', '--url', 'https://fleet.example.com'], env: {}, says: 'no API key' },
    { args: ['verify', '/nowhere/log.jsonl'], env: {}, says: '/nowhere/log.jsonl cannot be read' },
  ])('$args: refused with a message and no stack', async ({ args, env, says }) => {
    const { code, stderr } = await fleet(args, env);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('    at ');
  });
});

describe('verify', () => {
  const key = makeKey();
  const lines = [
    ...madeLog({ key, seals: [[{ stream: 'str_1', payloads: [1, 2] }], [{ stream: 'str_1', payloads: [3] }]] }),
  ].map((line) => JSON.stringify(line));
  const text = `${lines.join('\n')}\n`;
  const head = (JSON.parse(lines.at(-3) ?? '') as { note: string }).note;
  const write = (name: string, content: string) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };

  test('a log: whole, with what to keep of it', async () => {
    const { code, stdout } = await fleet(['verify', write('log.jsonl', text)]);
    expect(stdout).toContain(
      '✓ nothing missing, nothing changed (streams: 1, events: 3, signed heads: 2, kept heads: 0)',
    );
    expect(stdout).toContain('fleet-audit-keys.json');
    expect(stdout).toMatch(/--head the next time: 3:[0-9a-f]{64}/);
    expect(code).toBe(0);
  });

  test('a log: held to a head and a key from elsewhere', async () => {
    const log = write('log.jsonl', text);
    const keys = write('keys.json', JSON.stringify({ keys: [{ verifierKey: key.line }] }));
    const good = await fleet(['verify', log, '--head', write('head', head), '--key', keys]);
    expect(good.stdout).toContain('kept heads: 1)');
    expect(good.code).toBe(0);
    const bad = await fleet(['verify', log, '--key', makeKey().line]);
    expect(bad.stdout).toContain('[head-key-unknown]');
    expect(bad.code).toBe(1);
    const back = await fleet(['verify', log, '--head', `9:${'0'.repeat(64)}`]);
    expect(back.stdout).toContain('it was set back');
    expect(back.code).toBe(1);
  });

  test.each([
    [
      'changed',
      text.replace('"kind":"message.added"', '"kind":"x"'),
      '✗ stream str_1, event 1: its kind or time was changed [copy-changed]',
    ],
    ['cut', lines.slice(0, 3).join('\n'), '[cut-off]'],
  ])('a log: %s', async (_, changed, says) => {
    const { code, stdout } = await fleet(['verify', write('log.jsonl', changed)]);
    expect(stdout).toContain(says);
    expect(code).toBe(1);
  });

  test.each([
    ['other JSON', '{"type":"tail"}', [], 'Line 1 is not a line of an exported log'],
    ['no JSON', 'hello', [], 'Line 1 is not JSON'],
    ['nothing', '', [], 'The file holds no log'],
    ['a head that is none', text, ['--head', 'abc'], 'abc holds no head'],
    ['a key that is none', text, ['--key', 'abc'], 'abc holds no key'],
  ])('what cannot be used: %s', async (_, content, more, says) => {
    const { code, stderr } = await fleet(['verify', write('log.jsonl', content), ...more]);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
  });
});
