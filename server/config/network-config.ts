import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { registryNames, type Mirrors, type RegistryName } from '../domain/network/registries.ts';

const none = <T extends z.ZodType>(schema: T) => schema.nullable().default(null);

const proxy = z.string().refine((text) => URL.canParse(text) && isProxy(new URL(text)), {
  message: 'must be the URL of an HTTP proxy such as http://user:password@proxy.example.com:3128',
});

const mirror = z
  .string()
  .refine((text) => URL.canParse(text) && isMirror(new URL(text)), {
    message:
      'must be the http or https URL of the mirror, such as https://packages.example.com/npm/, without a user name, ' +
      'password, query or fragment: sandboxes see it',
  })
  .transform((text) => (text.endsWith('/') ? text : `${text}/`));

const hostName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const hosts = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
  .refine((names) => names.every((name) => hostName.test(name)), {
    message: 'must be names of hosts with commas between them, such as git.example.com,packages.example.com',
  })
  .default([]);

function isProxy({ protocol, hostname, pathname, search }: URL): boolean {
  return protocol === 'http:' && hostname !== '' && pathname === '/' && search === '';
}

function isMirror({ protocol, hostname, username, password, search, hash }: URL): boolean {
  const bare = username === '' && password === '' && search === '' && hash === '';
  return ['http:', 'https:'].includes(protocol) && hostName.test(hostname) && bare;
}

type MirrorVariable = `FLEET_MIRROR_${Uppercase<RegistryName>}`;

const mirrorVariable = (name: RegistryName) => `FLEET_MIRROR_${name.toUpperCase()}` as MirrorVariable;

const mirrorSchemas = Object.fromEntries(registryNames.map((name) => [mirrorVariable(name), none(mirror)])) as Record<
  MirrorVariable,
  z.ZodDefault<z.ZodNullable<typeof mirror>>
>;

/** How the installation's sandboxes reach the network they stand in. */
export const networkEnvironment = {
  FLEET_EGRESS_PROXY: none(proxy),
  FLEET_EXTRA_CA: none(z.string()),
  FLEET_INTERNAL_HOSTS: hosts,
  ...mirrorSchemas,
};

/** What the operator says about the network that sandboxes stand in. `extraCaFile` is absolute. */
export type NetworkConfig = Readonly<{
  egressProxy: string | null;
  extraCaFile: string | null;
  internalHosts: string[];
  mirrors: Mirrors;
}>;

export function networkConfig(read: z.infer<z.ZodObject<typeof networkEnvironment>>): NetworkConfig {
  const given = registryNames.map((name) => [name, read[mirrorVariable(name)]] as const);
  return {
    egressProxy: read.FLEET_EGRESS_PROXY,
    extraCaFile: read.FLEET_EXTRA_CA === null ? null : path.resolve(read.FLEET_EXTRA_CA),
    internalHosts: read.FLEET_INTERNAL_HOSTS,
    mirrors: Object.fromEntries(given.filter(([, url]) => url !== null)),
  };
}

/** The same for a process that this one starts. */
export function networkVariables({ egressProxy, extraCaFile, internalHosts, mirrors }: NetworkConfig) {
  const given: Record<string, string | null> = {
    FLEET_EGRESS_PROXY: egressProxy,
    FLEET_EXTRA_CA: extraCaFile,
    FLEET_INTERNAL_HOSTS: internalHosts.length > 0 ? internalHosts.join(',') : null,
  };
  for (const name of registryNames) given[mirrorVariable(name)] = mirrors[name] ?? null;
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The text of the operator's certificate authorities; null where none are named. Throws AppError `config_invalid`. */
export function readExtraCa({ extraCaFile }: NetworkConfig): string | null {
  if (extraCaFile === null) return null;
  const invalid = (why: string) =>
    new AppError('config_invalid', `The environment variable FLEET_EXTRA_CA ${why}.`, { variable: 'FLEET_EXTRA_CA' });
  let text = '';
  try {
    text = readFileSync(extraCaFile, 'utf8');
  } catch (error) {
    throw invalid(`names ${extraCaFile}, which cannot be read: ${(error as Error).message}`);
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw invalid(`names ${extraCaFile}, which must hold certificates in PEM form and nothing broken`);
  }
  return `${blocks.join('\n')}\n`;
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}
