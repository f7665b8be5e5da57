import { describe, expect, it } from 'vitest';
import { holdsPlaceholder, readHeaderForm, writeHeader } from './header-form.ts';
import { isOneOf, networkSecretEntry, readSecretPlace } from './network-secret.ts';

const good = {
  name: 'NPM_TOKEN',
  places: ['npm.example.com'],
  header: 'Authorization: Bearer {}',
  value: 'npm_0123456789',
  inSetUp: true,
  inRuns: false,
};
const problem = (over: object) => networkSecretEntry.safeParse({ ...good, ...over }).error?.issues[0]?.message ?? null;

describe('what a person enters', () => {
  it.each([
    {},
    { places: [' NPM.example.com ', '*.pkg.example.com', 'nexus:8081'] },
    { header: ' X-Api-Key: {} ' },
    { header: 'Authorization: Basic build:{}' },
    { header: 'Cookie: session={}; Path=/' },
    { value: ' with a space inside ' },
  ])('%j is taken', (over) => expect(problem(over)).toBeNull());

  it.each<[object, RegExp]>([
    [{ name: 'npm_token' }, /capital letters/],
    [{ name: 'PATH' }, /meaning of its own/],
    [{ name: 'BASH_ENV' }, /meaning of its own/],
    [{ name: 'LD_PRELOAD' }, /meaning of its own/],
    [{ name: 'HTTPS_PROXY' }, /meaning of its own/],
    [{ places: [] }, /Name the hosts/],
    [{ places: ['https://npm.example.com'] }, /write a host such as/],
    [{ places: ['10.0.0.1'] }, /write a host such as/],
    [{ places: ['*.com'] }, /most of the Internet/],
    [{ places: ['*'] }, /write a host such as/],
    [{ places: ['a.example:0'] }, /write a host such as/],
    [{ places: ['a.example:443:1'] }, /write a host such as/],
    [{ places: ['a.example:99999'] }, /write a host such as/],
    [{ header: 'Authorization' }, /with \{\} for the secret/],
    [{ header: 'Authorization: {} {}' }, /with \{\} for the secret/],
    [{ header: 'X: a\r\nY: {}' }, /with \{\} for the secret/],
    [{ header: 'Host: {}' }, /belongs to the connection/],
    [{ header: 'transfer-encoding: {}' }, /belongs to the connection/],
    [{ value: 'short' }, /8 to 8,000/],
    [{ value: 'two\nlines of it' }, /8 to 8,000/],
    [{ value: 'grüße und mehr' }, /8 to 8,000/],
  ])('%j is refused with what to do', (over, message) => expect(problem(over)).toMatch(message));
});

describe('a header', () => {
  it.each([
    ['Authorization: Bearer {}', 'Bearer s$&cret'],
    ['X-Key: key={};', 'key=s$&cret;'],
    ['Authorization: Basic me:{}', `Basic ${btoa('me:s$&cret')}`],
    ['authorization: basic {}', `basic ${btoa('s$&cret')}`],
  ])('%s', (form, sent) => expect(writeHeader(readHeaderForm(form), 's$&cret')).toBe(sent));

  it('holds a placeholder as it is or behind Basic, and nowhere else', () => {
    const holds = (content: string) => holdsPlaceholder(content, 'PLACE');
    expect([holds('x PLACE y'), holds(`Basic ${btoa('a:PLACE')}`)]).toEqual([true, true]);
    expect([holds('place'), holds(`Bearer ${btoa('a:PLACE')}`), holds('Basic !!')]).toEqual([false, false, false]);
  });
});

it.each([
  ['a.example', 'a.example', 443, true],
  ['a.example', 'a.example', 80, false],
  ['a.example:80', 'a.example', 80, true],
  ['*.example.com', 'a.example.com', 443, true],
  ['*.example.com', 'example.com', 443, false],
  ['*.example.com', 'a.example.com.evil.org', 443, false],
])('%s covers %s:%i: %s', (place, host, port, covers) =>
  expect(isOneOf([readSecretPlace(place)], { host, port })).toBe(covers),
);
