import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, type Env } from '../config/config.ts';
import { openInstallation, type Installation } from './installation.ts';
import { installationChildren } from './installation-children.ts';

let folder: string;
let secrets: Installation;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-children-'));
  secrets = openInstallation(folder, new Date());
});
afterAll(() => rmSync(folder, { recursive: true }));

const ownKeys = { INNGEST_EVENT_KEY: 'event-key', INNGEST_SIGNING_KEY: `signkey-prod-${'ab'.repeat(32)}` };
const outside: Env = { INNGEST_BASE_URL: 'http://127.0.0.1:8288', ...ownKeys };

function children(env: Env, enginePort: number | null) {
  const given = { FLEET_DATA_DIR: folder, PATH: '/bin', DATABASE_URL: 'postgres://admin:pw@127.0.0.1/fleet', ...env };
  const urls = { appUrl: 'postgres://fleet_app:app@127.0.0.1/fleet', engineUrl: 'postgres://engine@127.0.0.1/fleet' };
  const wiring = {
    root: '/fleet',
    env: given,
    config: loadConfig(given),
    secrets,
    workerPort: 4001,
    enginePort,
    ...urls,
  };
  return installationChildren(wiring);
}

describe('the processes of an installation', () => {
  it('are engine, worker and web, in this order, the last two sent to the first', () => {
    const started = children({}, 4000);
    expect(started.map(({ name }) => name)).toEqual(['engine', 'worker', 'web']);
    for (const { env } of started) expect(env.INNGEST_BASE_URL).toBe('http://127.0.0.1:4000');
  });

  it('have no engine where an Inngest server is configured, and speak to that with its keys', () => {
    const started = children(outside, null);
    expect(started.map(({ name }) => name)).toEqual(['worker', 'web']);
    for (const { env } of started) expect(env).toMatchObject(outside as Record<string, string>);
  });

  it('get only what they need: the engine no key of ours, nobody the administrator’s database or the development mode', () => {
    const started = children(
      { INNGEST_DEV: '1', ANTHROPIC_API_KEY: 'sk-ant-0000000000000000', FLEET_MASTER_KEY: 'ab'.repeat(32) },
      4000,
    );
    for (const { env } of started) {
      expect(Object.keys(env)).not.toContain('INNGEST_DEV');
      expect(Object.keys(env)).not.toContain('DATABASE_URL');
    }
    const [engine, worker, web] = started;
    const names = ['FLEET_MASTER_KEY', 'FLEET_APP_DATABASE_URL', 'ANTHROPIC_API_KEY', 'NEXTAUTH_SECRET'];
    const held = (env: Record<string, string | undefined> = {}) => names.filter((name) => env[name] !== undefined);
    expect([engine, worker, web].map((child) => held(child?.env))).toEqual([[], names.slice(0, 3), names]);
  });

  it('know what the operator decided about network and log', () => {
    const given = { FLEET_INTERNAL_HOSTS: 'hooks.corp', FLEET_RECORD_DAYS: '30', FLEET_HEADS_DIR: '/heads' };
    const [engine, ...others] = children(given, 4000);
    for (const { env } of others) expect(env).toMatchObject(given);
    expect(Object.keys(engine!.env)).not.toContain('FLEET_HEADS_DIR');
  });
});
