import { expect, test } from 'vitest';
import { findTestCommand } from './test-command.ts';

test.each<[string, Record<string, string>, string | null]>([
  ['an npm script', { 'package.json': '{"scripts":{"test":"node --test"}}' }, 'npm test'],
  [
    'what npm init writes',
    { 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' },
    null,
  ],
  ['a manifest that is no JSON', { 'package.json': '{' }, null],
  ['a manifest of another package only', { 'sub/package.json': '{"scripts":{"test":"x"}}' }, null],
  ['a make target', { Makefile: 'all:\n\ntest: all\n\ttrue\n' }, 'make test'],
  ['a make variable', { Makefile: 'test := x\nlatest:\n' }, null],
  ['npm before make', { Makefile: 'test:\n', 'package.json': '{"scripts":{"test":"x"}}' }, 'npm test'],
  ['pytest.ini', { 'pytest.ini': '' }, 'python3 -m pytest'],
  ['pyproject', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }, 'python3 -m pytest'],
  ['pyproject without', { 'pyproject.toml': '[project]\n' }, null],
  ['conftest', { 'tests/conftest.py': '' }, 'python3 -m pytest'],
  ['unittest', { 'tests/test_a.py': 'import unittest\n' }, 'python3 -m unittest discover'],
  ['plain tests', { 'a_test.py': 'def test_a(): pass\n' }, 'python3 -m pytest'],
  ['nothing', { 'readme.md': 'x' }, null],
])('%s', async (_, files, command) => {
  expect(await findTestCommand(Object.keys(files), (path) => Promise.resolve(files[path] ?? ''))).toBe(command);
});
