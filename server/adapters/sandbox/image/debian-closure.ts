type Package = { name: string; needs: string[][]; provides: string[] };

/** The format `readPackages` reads, for `dpkg-query -W -f`. */
export const packageFormat = '${Package}\\t${db:Status-Status}\\t${Pre-Depends}, ${Depends}\\t${Provides}\\n';

const bare = (text: string) => text.replace(/\(.*/u, '').trim().split(':')[0]!;
const list = (text: string) =>
  text
    .split(',')
    .map(bare)
    .filter((name) => name !== '');

/** The installed packages by name. */
export function readPackages(text: string): Map<string, Package> {
  const found = new Map<string, Package>();
  for (const line of text.split('\n')) {
    const [name = '', status, needs = '', provides = ''] = line.split('\t');
    if (status !== 'installed') continue;
    const alternatives = needs.split(',').map((one) =>
      one
        .split('|')
        .map(bare)
        .filter((other) => other !== ''),
    );
    found.set(name, { name, needs: alternatives.filter((one) => one.length > 0), provides: list(provides) });
  }
  return found;
}

/** The named packages and all that they need, of those that are installed. */
export function closureOf(packages: Map<string, Package>, names: readonly string[]): string[] {
  const providers = new Map([...packages.values()].flatMap((one) => one.provides.map((name) => [name, one.name])));
  const installed = (name: string) => (packages.has(name) ? name : providers.get(name));
  const seen = new Set<string>();
  const pending = names.flatMap((name) => installed(name) ?? []);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const alternatives of packages.get(next)!.needs) {
      const found = alternatives.map(installed).find((name) => name !== undefined);
      if (found !== undefined) pending.push(found);
    }
  }
  return [...seen].sort();
}
