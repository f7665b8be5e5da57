import { expect, it } from 'vitest';
import { contentSecurityPolicy, transportSecurity } from './security-headers.ts';

it('a policy names its nonce, and no inline script without it', () => {
  const policy = contentSecurityPolicy('bm9uY2U=');
  expect(policy).toContain("script-src 'self' 'nonce-bm9uY2U=';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy.match(/script-src[^;]*/)?.[0]).not.toContain('unsafe');
});

it('https is demanded for good only where people come by it', () => {
  expect(transportSecurity('http://127.0.0.1:3000')).toBeNull();
  expect(transportSecurity('https://fleet.example.com')).toMatch(/^max-age=\d{8}$/);
});
