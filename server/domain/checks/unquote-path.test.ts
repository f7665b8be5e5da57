import { expect, it } from 'vitest';
import { unquotePath } from './unquote-path.ts';

it.each([
  ['src/a.js', 'src/a.js'],
  ['"na\\303\\257ve.js"', 'naïve.js'],
  ['"a\\"b\\\\c"', 'a"b\\c'],
  ['"tab\\tbell\\aline\\n"', 'tab\tbell\u0007line\n'],
  ['"half', '"half'],
  ['"', '"'],
])('%s is %j', (printed, path) => expect(unquotePath(printed)).toBe(path));
