import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { auditConfig, auditEnvironment, type AuditConfig } from './audit-config.ts';
import { githubApp, signInEnvironment, type GithubApp } from './sign-in-config.ts';
import { tenancyConfig, tenancyEnvironment, type TenancyConfig } from './tenancy-config.ts';
import { networkConfig, networkEnvironment, type NetworkConfig } from './network-config.ts';

export type Env = Readonly<Record<string, string | undefined>>;

const port = z.coerce
  .number('must be a port number between 1 and 65535')
  .int('must be a whole number')
  .min(1, 'must be between 1 and 65535')
  .max(65_535, 'must be between 1 and 65535');

const urlOf = (schemes: readonly string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    message: `must be a URL such as ${example}`,
  });

const http = (example: string) => urlOf(['http', 'https'], example).transform((text) => text.replace(/\/+$/, ''));
const postgres = urlOf(['postgres', 'postgresql'], 'postgresql://user:password@host:5432/fleet');
const none = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

const environment = z.object({
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be an address to listen on, such as 127.0.0.1')
    .default('127.0.0.1'),
  PORT: port.default(3000),
  FLEET_PUBLIC_URL: none(http('https://fleet.example.com')),
  FLEET_DATA_DIR: z.string().default('.fleet-data'),
  FLEET_MASTER_KEY: none(
    z.string().regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits; make one with: openssl rand -hex 32'),
  ),
  FLEET_MASTER_KEY_EARLIER: none(z.string().regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')),
  NEXTAUTH_SECRET: none(z.string().min(32, 'must have at least 32 characters; make one with: openssl rand -hex 32')),
  NEXTAUTH_URL: none(http('https://fleet.example.com')),
  DATABASE_URL: none(postgres),
  FLEET_APP_DATABASE_URL: none(postgres),
  FLEET_ENGINE_DATABASE_URL: none(postgres),
  FLEET_WORKER_PORT: none(port),
  FLEET_ENGINE_PORT: none(port),
  INNGEST_BASE_URL: none(http('http://127.0.0.1:8288')),
  INNGEST_EVENT_KEY: none(z.string().regex(/^[\w-]{8,}$/, 'must be an event key: letters, digits, - and _')),
  INNGEST_SIGNING_KEY: none(
    z.string().regex(/^signkey-\w+-(?:[0-9a-fA-F]{2})+$/, 'must look like signkey-prod-<an even number of hex digits>'),
  ),
  ANTHROPIC_API_KEY: none(z.string().regex(/^\S+$/, 'must not contain spaces or line breaks')),
  ANTHROPIC_BASE_URL: none(http('https://api.anthropic.com')),
  GITHUB_API_URL: none(http('https://api.github.com')),
  ...signInEnvironment,
  SLACK_API_URL: none(http('https://slack.com/api')),
  SMTP_URL: none(urlOf(['smtp', 'smtps'], 'smtp://user:password@mail.example.com:587')),
  ...auditEnvironment,
  ...networkEnvironment,
  ...tenancyEnvironment,
});

/** Everything the installation reads from its environment. Unset optional values are null; `dataDir` is absolute. */
export type Config = Readonly<{
  host: string;
  port: number;
  /** Where people's browsers reach the installation, without a trailing slash. */
  publicUrl: string;
  /** True when the operator set FLEET_PUBLIC_URL himself: the outbox page is off then. */
  publicUrlGiven: boolean;
  dataDir: string;
  /** The operator's own; null means the data folder's. See masterKeysOf. */
  masterKey: string | null;
  earlierMasterKey: string | null;
  nextAuthSecret: string | null;
  /** The administrator's URL of an external PostgreSQL; null means the embedded one. */
  databaseUrl: string | null;
  appDatabaseUrl: string | null;
  engineDatabaseUrl: string | null;
  workerPort: number | null;
  enginePort: number | null;
  inngestBaseUrl: string | null;
  inngestEventKey: string | null;
  inngestSigningKey: string | null;
  anthropicApiKey: string | null;
  anthropicBaseUrl: string | null;
  githubApiUrl: string | null;
  /** The OAuth app by which people sign in with GitHub. */
  github: GithubApp | null;
  /** DNS servers for proofs of domains; none: the machine's. */
  dnsServers: string[];
  slackApiUrl: string | null;
  smtpUrl: string | null;
  /** How sandboxes reach the world. */
  network: NetworkConfig;
}> &
  Readonly<TenancyConfig & AuditConfig>;

/** Reads and checks `env`. Throws AppError `config_invalid` whose message names the variable; values are never quoted. */
export function loadConfig(env: Env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(String(issue?.path[0]), issue?.message ?? 'is not valid');
  }
  const read = parsed.data;
  if (read.INNGEST_BASE_URL !== null) {
    for (const name of ['INNGEST_EVENT_KEY', 'INNGEST_SIGNING_KEY'] as const) {
      if (read[name] === null) throw invalid(name, 'must be set when INNGEST_BASE_URL is');
    }
  }
  if (read.FLEET_PUBLIC_URL === null && !isLoopback(read.HOST)) {
    throw invalid(
      'FLEET_PUBLIC_URL',
      `must be set when HOST is, to the address people will type, such as http://fleet.example.com:${read.PORT}: ` +
        'pages that come from any other address may change nothing',
    );
  }
  return Object.freeze({
    host: read.HOST,
    port: read.PORT,
    publicUrl: read.FLEET_PUBLIC_URL ?? defaultPublicUrl(read.HOST, read.PORT),
    publicUrlGiven: read.FLEET_PUBLIC_URL !== null,
    dataDir: path.resolve(read.FLEET_DATA_DIR),
    masterKey: read.FLEET_MASTER_KEY,
    ...auditConfig(read),
    earlierMasterKey: read.FLEET_MASTER_KEY_EARLIER,
    nextAuthSecret: read.NEXTAUTH_SECRET,
    databaseUrl: read.DATABASE_URL,
    appDatabaseUrl: read.FLEET_APP_DATABASE_URL,
    engineDatabaseUrl: read.FLEET_ENGINE_DATABASE_URL,
    workerPort: read.FLEET_WORKER_PORT,
    enginePort: read.FLEET_ENGINE_PORT,
    inngestBaseUrl: read.INNGEST_BASE_URL,
    inngestEventKey: read.INNGEST_EVENT_KEY,
    inngestSigningKey: read.INNGEST_SIGNING_KEY,
    anthropicApiKey: read.ANTHROPIC_API_KEY,
    anthropicBaseUrl: read.ANTHROPIC_BASE_URL,
    githubApiUrl: read.GITHUB_API_URL,
    github: githubApp(read, read.GITHUB_API_URL, invalid),
    dnsServers: read.FLEET_DNS_SERVERS,
    slackApiUrl: read.SLACK_API_URL,
    smtpUrl: read.SMTP_URL,
    network: networkConfig(read),
    ...tenancyConfig(read),
  });
}

const variables = {
  nextAuthSecret: 'NEXTAUTH_SECRET',
  appDatabaseUrl: 'FLEET_APP_DATABASE_URL',
  engineDatabaseUrl: 'FLEET_ENGINE_DATABASE_URL',
  workerPort: 'FLEET_WORKER_PORT',
  enginePort: 'FLEET_ENGINE_PORT',
  inngestBaseUrl: 'INNGEST_BASE_URL',
  inngestEventKey: 'INNGEST_EVENT_KEY',
  inngestSigningKey: 'INNGEST_SIGNING_KEY',
} as const satisfies Partial<Record<keyof Config, string>>;

type Needed = keyof typeof variables;

/**
 * The same config with `names` proved present, for a process that cannot work without them.
 * Throws AppError `config_invalid` naming the first variable that is missing.
 */
export function requireConfig<K extends Needed>(
  config: Config,
  names: readonly K[],
): Config & { readonly [P in K]: NonNullable<Config[P]> } {
  for (const name of names) {
    if (config[name] === null)
      throw invalid(variables[name], 'must be set; `npm start` sets it for the processes it starts');
  }
  return config as Config & { readonly [P in K]: NonNullable<Config[P]> };
}

let own: Config | null = null;

/** The configuration of this process, read once. */
export function processConfig(): Config {
  own ??= loadConfig(process.env);
  return own;
}

/** This process's environment as it stands, to hand on to programs it starts; what it means is `processConfig`'s to say. */
export function processEnvironment(): Env {
  return process.env;
}

function defaultPublicUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function invalid(variable: string, why: string): AppError {
  return new AppError('config_invalid', `The environment variable ${variable} ${why}.`, { variable });
}
