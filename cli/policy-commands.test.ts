import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkPolicy, importPolicy } from './policy-commands.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'fleet-policy-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, 'policy');
  writeFileSync(path, text);
  return path;
}

function check(text: string) {
  const lines: string[] = [];
  return { code: checkPolicy(file(text), (line) => lines.push(line)), lines };
}

const good = `preset: balanced
limits:
  - { id: no-publish, on: command, run: [npm publish], then: deny }
cases:
  - { command: npm publish, is: deny }
`;

it('says what a policy means and that its cases hold', () => {
  const { code, lines } = check(good);
  expect(code).toBe(0);
  expect(lines).toEqual([
    '  limit    no-publish: running `npm publish` is refused.',
    expect.stringMatching(/^ {2}and \d+ rules of the preset balanced\.$/),
    '✓ 1 cases hold',
  ]);
});

it('exits with 1 where a case fails or the policy cannot be read, and says why', () => {
  const failed = check(good.replace('is: deny }\n', 'is: ask }\n'));
  expect(failed.code).toBe(1);
  expect(failed.lines.at(-2)).toMatch(/^✗ command: npm publish should be ask, and is deny by no-publish/);
  const broken = check('preset: balanced\npreset: cautious\n');
  expect(broken.code).toBe(1);
  expect(broken.lines[0]).toMatch(/line 2: The same key/);
  expect(() => checkPolicy(join(folder, 'none'), () => {})).toThrow(/cannot be read/);
});

it('prints an imported list as a policy that checks', () => {
  const lines: string[] = [];
  const warned: string[] = [];
  const list = JSON.stringify({ permissions: { allow: ['Bash(npm test:*)'], deny: ['Task(x)', 'Read(.env)'] } });
  const code = importPolicy(file(list), { print: (line) => lines.push(line), warn: (line) => warned.push(line) });
  expect([code, warned]).toEqual([0, ['left out: Task(x) (Fleet has no tool Task)']]);
  expect(check(lines.join('\n')).code).toBe(0);
  expect(() => importPolicy(file('no JSON'), { print: () => {}, warn: () => {} })).toThrow(/no list of permissions/);
});
