/** Package registries that can be allowed by name. */
export const registryNames = ['npm', 'pypi', 'debian', 'crates', 'go', 'maven'] as const;
export type RegistryName = (typeof registryNames)[number];

type Place = { host: string; ports: readonly number[] };

const https = (host: string): Place => ({ host, ports: [443] });

const publicPlaces: Record<RegistryName, readonly Place[]> = {
  npm: [https('registry.npmjs.org'), https('registry.yarnpkg.com')],
  pypi: [https('pypi.org'), https('files.pythonhosted.org')],
  debian: ['deb.debian.org', 'security.debian.org'].map((host) => ({ ...https(host), ports: [80, 443] })),
  crates: [https('index.crates.io'), https('static.crates.io')],
  go: [https('proxy.golang.org'), https('sum.golang.org')],
  maven: [https('repo.maven.apache.org'), https('repo1.maven.org')],
};

/** An installation's own copies of registries, by name, as http(s) URLs. */
export type Mirrors = Partial<Record<RegistryName, string>>;

/** Where packages of a registry come from: the mirror alone where there is one. */
export function registryPlaces(name: RegistryName, mirrors: Mirrors): readonly Place[] {
  const mirror = mirrors[name];
  if (mirror === undefined) return publicPlaces[name];
  const { hostname, port, protocol } = new URL(mirror);
  const ports = [port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port)];
  return [{ host: hostname, ports }];
}
