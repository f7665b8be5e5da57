import type { RepoSetup } from '../../server/domain/setup/repo-setup.ts';

type MoreTests = RepoSetup['tests'];
type Services = RepoSetup['services'];

/** More tests as a person types them, one a line: `web/**, shared/** => npm run test:web`. */
export function testsText(tests: MoreTests): string {
  return tests.map(({ paths, command }) => `${paths.join(', ')} => ${command}`).join('\n');
}

/** Null for a line that is none. */
export function readTests(text: string): MoreTests | null {
  const tests = linesOf(text).map((line) => {
    const [, paths, command] = /^(.+?)\s*=>\s*(.+)$/u.exec(line) ?? [];
    return command === undefined ? null : { paths: parts(paths!), command };
  });
  return whole(tests);
}

/**
 * Services as a person types them, one a line: `db 5432 => postgres -D /tmp/db => pg_isready`, or
 * `db 5432 => image:postgres:18 POSTGRES_PASSWORD=test`. The last part is optional.
 */
export function servicesText(services: Services): string {
  return services
    .map(({ name, port, command, image, env, health }) => {
      const start = command ?? [`image:${image}`, ...Object.entries(env).map((pair) => pair.join('='))].join(' ');
      return `${name} ${port} => ${start}${health ? ` => ${health}` : ''}`;
    })
    .join('\n');
}

export function readServices(text: string): Services | null {
  const services = linesOf(text).map((line) => {
    const [, name, port, start, health] = /^(\S+)\s+(\d+)\s*=>\s*(.+?)(?:\s*=>\s*(.+))?$/u.exec(line) ?? [];
    if (start === undefined) return null;
    const [, image = null, told = ''] = /^image:(\S+)((?:\s+\w+=\S*)*)$/u.exec(start) ?? [];
    const env = Object.fromEntries([...told.matchAll(/(\w+)=(\S*)/gu)].map(([, key, value]) => [key!, value!]));
    const command = image === null ? start : null;
    return { name: name!, port: Number(port), command, image, env, health: health ?? null };
  });
  return whole(services);
}

export function listOf(text: string): string[] {
  return text.split(/[\n,]/u).flatMap((part) => part.trim() || []);
}

function parts(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim() || []);
}

function whole<T>(read: (T | null)[]): T[] | null {
  const there = read.filter((each) => each !== null);
  return there.length === read.length ? there : null;
}
