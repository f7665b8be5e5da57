import { readFileSync, readdirSync, readlinkSync, statSync } from 'node:fs';

/** What a world must look like from outside before it gets a command. Made once per sandbox, used for each world. */
export type Blueprint = {
  /** Mount points; true where writing is meant. What lies below one belongs to it. */
  points: Map<string, boolean>;
  /** Points that are the world's own, never the host's folder of that name. */
  own: string[];
  /** Points that show exactly one host folder, as seen from the process that holds its mounts. */
  shows: { point: string; source: string; holder: number | null }[];
  /** Names of variables process 1 may have. */
  variables: Set<string>;
  filtered: boolean;
  /** Process 1 is a program of ours that has opened descriptors of its own by the time it is looked at. */
  opens: boolean;
};

type Plan = { walls: string[]; holder: number | null; env: Record<string, string>; filtered: boolean; opens?: boolean };

const ownSources = new Set(['/etc', '/work']);
const shellVariables = ['PWD', 'OLDPWD', 'SHLVL', '_'];

/** Reads out of bubblewrap's arguments, as they are meant, what must come of them. */
export function blueprintOf({ walls, holder, env, filtered, opens = false }: Plan): Blueprint {
  const points = new Map([['/', false]]);
  const own = ['/'];
  const shows: Blueprint['shows'] = [];
  walls.forEach((flag, i) => {
    const [first = '', second = ''] = walls.slice(i + 1);
    if (flag === '--tmpfs' || flag === '--proc' || flag === '--dev') {
      points.set(first, true);
      own.push(first);
    } else if (/^--(?:ro-|dev-)?bind$/u.test(flag)) {
      points.set(second, !flag.startsWith('--ro-'));
      if (ownSources.has(second))
        shows.push({ point: second, source: first, holder: second === '/work' ? holder : null });
    }
  });
  return { points, own, shows, variables: new Set([...Object.keys(env), ...shellVariables]), filtered, opens };
}

const namespaces = ['user', 'pid', 'net', 'ipc', 'mnt', 'uts', 'cgroup'];

/** Standard streams, and what bubblewrap itself reads and closes. */
const lastOwnDescriptor = 4;

/**
 * The second layer behind every wall: the host looks at process 1 of a world, in which nothing of an agent's runs yet,
 * and names the walls that do not stand. A wall that cannot be looked at counts as missing. Costs about 0.3 ms.
 */
export function missingWalls(pid: number, blueprint: Blueprint): string[] {
  const proc = `/proc/${pid}`;
  try {
    return [
      ...namespaces.filter((name) => sharesWithHost(proc, name)).map((name) => `${name} namespace`),
      ...missingPrivileges(readFileSync(`${proc}/status`, 'latin1'), blueprint.filtered),
      ...strayMounts(readFileSync(`${proc}/mountinfo`, 'latin1'), blueprint.points),
      ...blueprint.own.filter((point) => !isOwn(proc, point)).map((point) => `own ${point}`),
      ...blueprint.shows.filter((shown) => !showsIt(proc, shown)).map(({ point }) => `the right ${point}`),
      ...(strayVariables(proc, blueprint.variables) ? ['cleared environment'] : []),
      ...(!blueprint.opens && strayDescriptors(proc) ? ['closed descriptors'] : []),
    ];
  } catch (error) {
    return [`wall that could be looked at (${(error as NodeJS.ErrnoException).code ?? String(error)})`];
  }
}

function sharesWithHost(proc: string, name: string): boolean {
  return readlinkSync(`${proc}/ns/${name}`) === readlinkSync(`/proc/self/ns/${name}`);
}

function missingPrivileges(status: string, filtered: boolean): string[] {
  const value = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'mu').exec(status)?.[1];
  const held = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'].some((set) => !/^0+$/u.test(value(set) ?? ''));
  return [
    ...(held ? ['dropped capabilities'] : []),
    ...(value('NoNewPrivs') === '1' ? [] : ['ban on new privileges']),
    ...(filtered && value('Seccomp') !== '2' ? ['filter on system calls'] : []),
  ];
}

/** A mount nobody meant, one that can be written where that was not meant, and one that was meant and is not there. */
function strayMounts(mountinfo: string, points: Map<string, boolean>): string[] {
  const stray: string[] = [];
  const absent = new Set(points.keys());
  for (const line of mountinfo.trimEnd().split('\n')) {
    const [, , , , point = '', options = ''] = line.split(' ');
    const writable = meantWritable(unescape(point), points);
    absent.delete(unescape(point));
    const isReadOnly = options.split(',').includes('ro');
    if (writable === null) stray.push(`root without ${point}`);
    else if (!writable && !isReadOnly) stray.push(`read-only ${point}`);
  }
  return [...stray, ...[...absent].map((point) => `mount on ${point}`)];
}

/** What was meant for a point or the nearest one above it; null where nothing was but the root. */
function meantWritable(point: string, points: Map<string, boolean>): boolean | null {
  if (point === '/') return points.get('/') ?? null;
  for (let at = point; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const meant = points.get(at);
    if (meant !== undefined) return meant;
  }
  return null;
}

/** The kernel writes blanks, line breaks and backslashes as octal. */
function unescape(point: string): string {
  return point.replaceAll(/\\([0-7]{3})/gu, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function isOwn(proc: string, point: string): boolean {
  const inside = statSync(`${proc}/root${point}`);
  const host = statSync(point, { throwIfNoEntry: false });
  return host === undefined || inside.dev !== host.dev || inside.ino !== host.ino;
}

function showsIt(proc: string, { point, source, holder }: Blueprint['shows'][number]): boolean {
  const inside = statSync(`${proc}/root${point}`);
  const meant = statSync(holder === null ? source : `/proc/${holder}/root${source}`);
  return inside.dev === meant.dev && inside.ino === meant.ino;
}

function strayVariables(proc: string, variables: Set<string>): boolean {
  const entries = readFileSync(`${proc}/environ`, 'latin1').split('\0').filter(Boolean);
  return entries.some((entry) => !variables.has(entry.slice(0, entry.indexOf('='))));
}

function strayDescriptors(proc: string): boolean {
  const high = readdirSync(`${proc}/fd`).filter((fd) => Number(fd) > lastOwnDescriptor);
  return high.some((fd) => readlinkSync(`${proc}/fd/${fd}`) !== '/dev/null');
}
