import path from 'node:path';
import type { Config, Env } from '../config/config.ts';
import { auditVariables } from '../config/audit-config.ts';
import { networkVariables } from '../config/network-config.ts';
import { tenancyVariables } from '../config/tenancy-config.ts';
import { dnsVariables, signInVariables } from '../config/sign-in-config.ts';
import type { ChildSpec } from './children.ts';
import type { Installation } from './installation.ts';

/** What the installation's own processes are told about each other. */
export type Wiring = {
  root: string;
  env: Env;
  config: Config;
  secrets: Installation;
  appUrl: string;
  engineUrl: string;
  workerPort: number;
  /** Null when an Inngest server is configured: then no engine is started. */
  enginePort: number | null;
};

/** Names that a process gets only if it needs them. INNGEST_DEV would switch the signatures off. */
const withheld =
  /^(?:DATABASE_URL|FLEET_.*|NEXTAUTH_.*|INNGEST_.*|ANTHROPIC_.*|GITHUB_.*|SMTP_URL|HOST|PORT|npm_.*|NODE_ENV)$/;

/** The processes of the installation beside PostgreSQL, in the order in which they start. */
export function installationChildren(wiring: Wiring): ChildSpec[] {
  return [...(wiring.enginePort === null ? [] : [engine(wiring, wiring.enginePort)]), worker(wiring), web(wiring)];
}

function engine(wiring: Wiring, port: number): ChildSpec {
  return {
    name: 'engine',
    args: ['inngest/local/main.ts'],
    cwd: wiring.root,
    env: {
      ...baseEnv(wiring),
      ...engineKeys(wiring),
      FLEET_ENGINE_PORT: String(port),
      FLEET_ENGINE_DATABASE_URL: wiring.engineUrl,
    },
    readyUrl: `http://127.0.0.1:${port}/health`,
    readyMs: 30_000,
    stopMs: 15_000,
  };
}

function worker(wiring: Wiring): ChildSpec {
  return {
    name: 'worker',
    args: ['inngest/runtime/main.ts'],
    cwd: wiring.root,
    env: {
      ...baseEnv(wiring),
      ...engineKeys(wiring),
      ...appSecrets(wiring),
      ...networkVariables(wiring.config.network),
      ...auditVariables(wiring.config),
      ...dnsVariables(wiring.config),
      FLEET_WORKER_PORT: String(wiring.workerPort),
    },
    readyUrl: `http://127.0.0.1:${wiring.workerPort}/health`,
    readyMs: 60_000,
    stopMs: 20_000,
  };
}

function web(wiring: Wiring): ChildSpec {
  const { config, secrets, root } = wiring;
  return {
    name: 'web',
    args: [
      path.join('node_modules', 'next', 'dist', 'bin', 'next'),
      'start',
      '-H',
      config.host,
      '-p',
      String(config.port),
    ],
    cwd: root,
    env: {
      ...baseEnv(wiring),
      ...engineKeys(wiring),
      ...appSecrets(wiring),
      ...signInVariables(config),
      ...networkVariables(config.network),
      ...auditVariables(config),
      ...tenancyVariables(config),
      NEXTAUTH_URL: config.publicUrl,
      NEXTAUTH_SECRET: config.nextAuthSecret ?? secrets.nextAuthSecret,
      NEXT_TELEMETRY_DISABLED: '1',
    },
    readyUrl: `${localUrl(config)}/api/health`,
    readyMs: 60_000,
    stopMs: 15_000,
  };
}

/** Where this machine reaches the web process, whatever address it listens on. */
function localUrl({ host, port }: { host: string; port: number }): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;
}

function baseEnv({ env, config }: Wiring): Record<string, string> {
  const inherited = Object.entries(env).filter(([name, value]) => value !== undefined && !withheld.test(name));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    NODE_ENV: 'production',
    HOST: config.host,
    PORT: String(config.port),
    FLEET_DATA_DIR: config.dataDir,
    ...(config.publicUrlGiven ? { FLEET_PUBLIC_URL: config.publicUrl } : {}),
  };
}

function engineKeys({ config, secrets, enginePort }: Wiring): Record<string, string> {
  return {
    INNGEST_BASE_URL: config.inngestBaseUrl ?? `http://127.0.0.1:${enginePort}`,
    INNGEST_EVENT_KEY: config.inngestEventKey ?? secrets.inngestEventKey,
    INNGEST_SIGNING_KEY: config.inngestSigningKey ?? secrets.inngestSigningKey,
  };
}

function appSecrets({ config, appUrl }: Wiring): Record<string, string> {
  const given = {
    FLEET_APP_DATABASE_URL: appUrl,
    // Without the operator's own, processes read the data folder's: it may change while they run.
    FLEET_MASTER_KEY: config.masterKey,
    FLEET_MASTER_KEY_EARLIER: config.earlierMasterKey,
    ANTHROPIC_API_KEY: config.anthropicApiKey,
    ANTHROPIC_BASE_URL: config.anthropicBaseUrl,
    SMTP_URL: config.smtpUrl,
  };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null));
}
