import type { NetworkPolicy } from '../../domain/network/network-policy.ts';
import type { RegistryName } from '../../domain/network/registries.ts';
import type { EgressSettings } from '../egress/settings.ts';

/** What leads package managers to where packages may come from: variables, and files below the folder they name. */
export type PackageTools = { env: Record<string, string>; files: Record<string, string> };

type Offering = { folder: string; proxy: { host: string; port: number } };

/**
 * For the registries that a policy opens. Where the operator has a mirror it is named to the tools, which would else go to
 * the public registry that the mirror stands for and be refused. Pure.
 */
export function packageTools(policy: NetworkPolicy, { mirrors }: EgressSettings, offering: Offering): PackageTools {
  const tools: PackageTools = { env: {}, files: {} };
  for (const name of policy.registries) {
    const one = offers[name](mirrors[name] ?? null, offering);
    Object.assign(tools.env, one.env);
    Object.assign(tools.files, one.files);
  }
  return tools;
}

type Offer = (mirror: string | null, offering: Offering) => Partial<PackageTools>;

/** Where cargo looks for its settings whatever it builds. */
export const cargoFolder = 'cargo';

const offers: Record<RegistryName, Offer> = {
  npm: (mirror) =>
    mirror === null
      ? {}
      : {
          env: {
            npm_config_registry: mirror,
            // Lock files name the public registry.
            npm_config_replace_registry_host: 'always',
            YARN_REGISTRY: mirror,
            YARN_NPM_REGISTRY_SERVER: mirror.replace(/\/$/u, ''),
          },
        },
  pypi: (mirror) =>
    mirror === null
      ? {}
      : {
          env: {
            PIP_INDEX_URL: mirror,
            UV_DEFAULT_INDEX: mirror,
            ...(mirror.startsWith('http:') ? { PIP_TRUSTED_HOST: new URL(mirror).hostname } : {}),
          },
        },
  // apt takes its sources from the image alone.
  debian: () => ({}),
  crates: (mirror) =>
    mirror === null
      ? {}
      : {
          files: {
            [`${cargoFolder}/config.toml`]: `[source.crates-io]\nreplace-with = "mirror"\n\n[source.mirror]\nregistry = "sparse+${mirror}"\n`,
          },
        },
  // The public checksum database is as far away as the public proxy; what go.sum holds is compared all the same.
  go: (mirror) => (mirror === null ? {} : { env: { GOPROXY: mirror.replace(/\/$/u, ''), GOSUMDB: 'off' } }),
  maven: (mirror, { folder, proxy }) => ({
    env: { MAVEN_OPTS: `-Dmaven.conf=${folder}/maven`, GRADLE_OPTS: javaProxy(proxy) },
    files: {
      'maven/settings.xml': mavenSettings(mirror, proxy),
      // Maven does not start without it.
      'maven/logging/simplelogger.properties': 'org.slf4j.simpleLogger.logFile=System.out\n',
    },
  }),
};

/** Java does not look at the variables that name a proxy. */
function javaProxy({ host, port }: Offering['proxy']): string {
  const each = (scheme: string) => `-D${scheme}.proxyHost=${host} -D${scheme}.proxyPort=${port}`;
  return `${each('http')} ${each('https')} -Dhttp.nonProxyHosts=localhost|127.*`;
}

function mavenSettings(mirror: string | null, { host, port }: Offering['proxy']): string {
  const proxies = ['http', 'https'].map(
    (scheme) =>
      `<proxy><id>${scheme}</id><active>true</active><protocol>${scheme}</protocol><host>${host}</host>` +
      `<port>${port}</port><nonProxyHosts>localhost|127.*</nonProxyHosts></proxy>`,
  );
  const mirrored =
    mirror === null ? '' : `<mirror><id>mirror</id><mirrorOf>*</mirrorOf><url>${xml(mirror)}</url></mirror>`;
  return `<settings><mirrors>${mirrored}</mirrors><proxies>${proxies.join('')}</proxies></settings>\n`;
}

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
