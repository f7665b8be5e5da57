import { isIP } from 'node:net';
import { z } from 'zod';
import type { AppError } from '../domain/errors.ts';

const none = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);
const word = none(z.string().regex(/^[\x21-\x7e]+$/, 'must be one word'));

const server = (text: string) => isIP(text) !== 0 || /^(?:\d+\.){3}\d+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(text);

/** How people may sign in beside mailed links. */
export const signInEnvironment = {
  GITHUB_CLIENT_ID: word,
  GITHUB_CLIENT_SECRET: word,
  GITHUB_URL: z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
      message: 'must be a URL such as https://github.com',
    })
    .transform((text) => text.replace(/\/+$/, ''))
    .default('https://github.com'),
  FLEET_DNS_SERVERS: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine((each) => each.every(server), { message: 'must be addresses such as 10.0.0.53 or 127.0.0.1:5353' })
    .default([]),
};

export type GithubApp = { clientId: string; clientSecret: string; url: string; apiUrl: string };
type Read = z.infer<z.ZodObject<typeof signInEnvironment>>;

/** The OAuth app on GitHub, or on a GitHub Enterprise Server; null where none is named. */
export function githubApp(
  { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, GITHUB_URL: url }: Read,
  apiUrl: string | null,
  invalid: (variable: string, why: string) => AppError,
): GithubApp | null {
  if (clientId === null && clientSecret === null) return null;
  if (clientId === null) throw invalid('GITHUB_CLIENT_ID', 'must be set when GITHUB_CLIENT_SECRET is');
  if (clientSecret === null) throw invalid('GITHUB_CLIENT_SECRET', 'must be set when GITHUB_CLIENT_ID is');
  const own = url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`;
  return { clientId, clientSecret, url, apiUrl: apiUrl ?? own };
}

/** The same for the process that signs people in. */
export function signInVariables({ github, dnsServers }: { github: GithubApp | null; dnsServers: string[] }) {
  const app = github && {
    GITHUB_CLIENT_ID: github.clientId,
    GITHUB_CLIENT_SECRET: github.clientSecret,
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
  };
  return { ...app, ...dnsVariables({ dnsServers }) };
}

/** For every process that looks for proofs of domains. */
export function dnsVariables({ dnsServers }: { dnsServers: string[] }): Record<string, string> {
  return dnsServers.length > 0 ? { FLEET_DNS_SERVERS: dnsServers.join(',') } : {};
}
