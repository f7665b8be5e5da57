import { expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { tenancyVariables } from './tenancy-config.ts';

it.each([
  [undefined, { kind: 'open' }],
  ['invited', { kind: 'invited' }],
  ['closed', { kind: 'closed' }],
  ['Example.com, example.org', { kind: 'domains', domains: ['example.com', 'example.org'] }],
])('FLEET_SIGN_UP=%s is %j, and so it is for the processes that are started', (text, signUp) => {
  const config = loadConfig({ FLEET_SIGN_UP: text, FLEET_DELETION_GRACE_DAYS: '30' });
  expect(config).toMatchObject({ signUp, deletionGraceDays: 30 });
  expect(loadConfig(tenancyVariables(config))).toMatchObject({ signUp, deletionGraceDays: 30 });
});

it.each([
  [{ FLEET_SIGN_UP: 'everybody' }, 'FLEET_SIGN_UP'],
  [{ FLEET_SIGN_UP: 'example.com,' }, 'FLEET_SIGN_UP'],
  [{ FLEET_DELETION_GRACE_DAYS: '0' }, 'FLEET_DELETION_GRACE_DAYS'],
  [{ FLEET_DELETION_GRACE_DAYS: 'never' }, 'FLEET_DELETION_GRACE_DAYS'],
])('%j is refused by name', (env, name) => {
  expect(() => loadConfig(env)).toThrow(name);
});
