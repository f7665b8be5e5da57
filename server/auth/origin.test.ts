import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnOrigin, ownPath } from './origin.ts';

const loopback = 'http://127.0.0.1:3000';
const published = 'https://fleet.example.com';

describe('isOwnOrigin', () => {
  it.each([
    ['the public URL', published, { origin: published }, true],
    [
      'another name of loopback, same port',
      loopback,
      { origin: 'http://localhost:3000', host: 'localhost:3000' },
      true,
    ],
    ['loopback in IPv6', loopback, { origin: 'http://[::1]:3000', host: '[::1]:3000' }, true],
    ['no Origin', published, {}, false],
    ['Origin null', published, { origin: 'null' }, false],
    ['another site', published, { origin: 'https://evil.example.com', host: 'fleet.example.com' }, false],
    ['a site whose name resolves here', loopback, { origin: 'http://evil.test:3000', host: 'evil.test:3000' }, false],
    ['another server of this machine', loopback, { origin: 'http://127.0.0.1:4000', host: '127.0.0.1:3000' }, false],
    ['loopback against a published server', published, { origin: 'http://localhost', host: 'localhost' }, false],
    ['http for https', published, { origin: 'http://fleet.example.com', host: 'fleet.example.com' }, false],
  ])('%s', (_name, publicUrl, headers, own) => {
    expect(isOwnOrigin(new Headers(headers as Record<string, string>), publicUrl)).toBe(own);
  });
});

describe('ownPath', () => {
  it.each([
    [undefined, '/'],
    ['', '/'],
    ['/acme/tasks?x=1#y', '/acme/tasks?x=1#y'],
    [`${loopback}/acme`, '/acme'],
    ['https://evil.example.com/acme', '/'],
    ['//evil.example.com', '/'],
    ['/\\evil.example.com', '/'],
    [`${loopback}//evil.example.com`, '/'],
    ['javascript:alert(1)', '/'],
  ])('%s becomes %s', (target, path) => {
    expect(ownPath(target, loopback)).toBe(path);
  });

  it('never leads to another host', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.webPath().map((path) => `/${path}`),
        ),
        (target) => {
          const path = ownPath(target, loopback);
          expect(new URL(path, loopback).origin).toBe(loopback);
        },
      ),
    );
  });
});
