import { describe, expect, test } from 'vitest';
import { AppError } from '../domain/errors.ts';
import { loadConfig, requireConfig } from './config.ts';

const caught = (act: () => unknown): AppError => {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected an AppError');
};

describe('loadConfig', () => {
  test('needs nothing: defaults listen on loopback', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://127.0.0.1:3000',
      databaseUrl: null,
    });
    expect(config.publicUrlGiven).toBe(false);
    expect(config.dataDir).toMatch(/^\/.*\.fleet-data$/);
    expect(Object.isFrozen(config)).toBe(true);
  });

  test.each([
    [{ PORT: '8080' }, 'http://127.0.0.1:8080'],
    [{ HOST: 'localhost' }, 'http://localhost:3000'],
    [{ HOST: '0.0.0.0', FLEET_PUBLIC_URL: 'http://fleet.lan:3000' }, 'http://fleet.lan:3000'],
    [{ HOST: '::1', PORT: '4000' }, 'http://[::1]:4000'],
    [{ FLEET_PUBLIC_URL: 'https://fleet.example.com/' }, 'https://fleet.example.com'],
    [{ FLEET_PUBLIC_URL: '' }, 'http://127.0.0.1:3000'],
  ])('public URL of %j is %s', (env, expected) => {
    expect(loadConfig(env).publicUrl).toBe(expected);
  });

  test.each([
    [{ PORT: 'http' }, 'PORT', 'port number'],
    [{ PORT: '0' }, 'PORT', 'between 1 and 65535'],
    [{ PORT: '70000' }, 'PORT', 'between 1 and 65535'],
    [{ HOST: 'a b' }, 'HOST', 'address'],
    [{ HOST: '0.0.0.0' }, 'FLEET_PUBLIC_URL', 'the address people will type'],
    [{ HOST: '::', PORT: '80' }, 'FLEET_PUBLIC_URL', 'fleet.example.com:80'],
    [{ HOST: '192.168.1.5' }, 'FLEET_PUBLIC_URL', 'when HOST is'],
    [{ DATABASE_URL: 'mysql://localhost/fleet' }, 'DATABASE_URL', 'postgresql://'],
    [{ DATABASE_URL: 'localhost' }, 'DATABASE_URL', 'postgresql://'],
    [{ FLEET_PUBLIC_URL: 'fleet.example.com' }, 'FLEET_PUBLIC_URL', 'https://'],
    [{ FLEET_MASTER_KEY: 'abc' }, 'FLEET_MASTER_KEY', '64 hexadecimal digits'],
    [{ NEXTAUTH_SECRET: 'short' }, 'NEXTAUTH_SECRET', '32 characters'],
    [{ INNGEST_SIGNING_KEY: 'signkey-prod-abc' }, 'INNGEST_SIGNING_KEY', 'even number'],
    [{ INNGEST_BASE_URL: 'http://127.0.0.1:8288' }, 'INNGEST_EVENT_KEY', 'INNGEST_BASE_URL'],
    [
      { INNGEST_BASE_URL: 'http://127.0.0.1:8288', INNGEST_EVENT_KEY: 'an-event-key' },
      'INNGEST_SIGNING_KEY',
      'INNGEST_BASE_URL',
    ],
    [{ SMTP_URL: 'mail.example.com' }, 'SMTP_URL', 'smtp://'],
    [{ ANTHROPIC_API_KEY: 'sk-ant secret' }, 'ANTHROPIC_API_KEY', 'spaces'],
  ])('%j is refused naming %s', (env, variable, says) => {
    const error = caught(() => loadConfig(env));
    expect(error.code).toBe('config_invalid');
    expect(error.detail).toEqual({ variable });
    expect(error.message).toContain(`${variable} `);
    expect(error.message).toContain(says);
  });

  test('a refused secret is not quoted', () => {
    const error = caught(() => loadConfig({ ANTHROPIC_API_KEY: 'sk-ant secret' }));
    expect(error.message).not.toContain('sk-ant');
  });
});

describe('requireConfig', () => {
  test('hands back what is there', () => {
    const config = requireConfig(loadConfig({ FLEET_WORKER_PORT: '4100' }), ['workerPort']);
    expect(config.workerPort satisfies number).toBe(4100);
  });

  test('names what is missing', () => {
    const error = caught(() => requireConfig(loadConfig({}), ['workerPort', 'nextAuthSecret']));
    expect(error.message).toContain('FLEET_WORKER_PORT');
  });
});
