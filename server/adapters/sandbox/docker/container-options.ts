import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { SandboxLimits } from '../../../domain/ports/sandbox.ts';

/** Which limits the engine's kernel holds for a container. */
export type Held = { processes: boolean; memoryBytes: boolean; cpus: boolean };

/** What an engine and its image mean for every container made there. */
export type Ground = {
  /** `sha256:…`: an image by its content, never by a name that can move. */
  image: string;
  /** As the engine names it: amd64, arm64 … */
  arch: string;
  processors: number;
  held: Held;
  /** Variables of every command: Fleet's, and those that the image declares. */
  env: Record<string, string>;
};

/** Labels by which containers and volumes are found again. `sandbox` is new for each opening. */
export type Owner = { installation: string; sandbox: string; run: string };

export const labels = {
  installation: 'dev.fleet.installation',
  sandbox: 'dev.fleet.sandbox',
  run: 'dev.fleet.run',
  role: 'dev.fleet.role',
} as const;

export type ContainerRole = 'holder' | 'gate' | 'world' | 'volume' | 'service';

export function labelsOf(owner: Owner, role: ContainerRole): Record<string, string> {
  return {
    [labels.installation]: owner.installation,
    [labels.sandbox]: owner.sandbox,
    [labels.run]: owner.run,
    [labels.role]: role,
  };
}

const scratchBytes = 512 * 2 ** 20;
const openFiles = 8192;
const manyProcesses = 8192;
/** Process 1, the waiting shell and its helpers are not the command's. */
const ownProcesses = 8;

const tmpfs = (bytes: number, mode: string) => `rw,nosuid,nodev,size=${bytes},mode=${mode}`;

/** A volume shown read-only. */
export type ShownVolume = { volume: string; to: string };

type Wanted = {
  ground: Ground;
  owner: Owner;
  role: ContainerRole;
  limits: SandboxLimits;
  command: string[];
  volume: string;
  shown: ShownVolume[];
  readOnly: boolean;
  /** Null: a network of its own with nothing but its loopback; else the container whose loopback is shared. */
  net: string | null;
};

/**
 * A container with no capability, no network, no writable system and no way to get any of them. The holder alone, in which
 * nothing of the agent's runs, may read what the agent has shut: it measures the work tree.
 */
export function containerOptions(wanted: Wanted): ContainerCreateOptions {
  const { ground, owner, role, command, net } = wanted;
  return {
    Image: ground.image,
    Cmd: command,
    // An image's own entry point would run in front of the filter.
    Entrypoint: [],
    User: role === 'holder' ? '0:0' : '1000:1000',
    WorkingDir: '/work',
    Labels: labelsOf(owner, role),
    ...(net === null ? { Hostname: 'sandbox' } : {}),
    Tty: false,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      ...hostConfig(wanted),
      ...places(wanted),
      ...(role === 'holder' ? { CapAdd: ['DAC_READ_SEARCH'] } : {}),
    },
  };
}

export type Standing = {
  ground: Ground;
  owner: Owner;
  limits: SandboxLimits;
  image: string;
  /** Where the image says that it keeps what it writes. */
  volumes: string[];
  /** The container whose loopback is shared. */
  net: string;
};

/**
 * A container that runs an image as that says, with the walls of a sandbox as far as it can do without Fleet's own filter
 * in front: no rights, nothing writable but memory that counts, no port that the engine's host would see.
 */
export function serviceOptions({ ground, owner, limits, image, volumes, net }: Standing): ContainerCreateOptions {
  const scratch = ['/tmp', '/var/tmp', '/run', ...volumes.filter((path) => /^\/[^:,]+$/u.test(path))];
  const walls = hostConfig({ ground, limits, net });
  return {
    Image: image,
    User: '1000:1000',
    Labels: labelsOf(owner, 'service'),
    Tty: false,
    OpenStdin: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: { ...walls, Tmpfs: Object.fromEntries(scratch.map((path) => [path, tmpfs(scratchBytes, '1777')])) },
  };
}

/**
 * The limit per user, where a control group counts better: the kernel's count for this user is shared with whoever has
 * the same number on the engine's host.
 */
export function mostProcesses({ held }: Ground, limits: SandboxLimits): number {
  return held.processes ? manyProcesses : limits.processes + ownProcesses;
}

function places({ volume, shown, readOnly }: Wanted): HostConfig {
  return {
    Mounts: [
      { Type: 'volume', Source: volume, Target: '/work', ReadOnly: readOnly },
      ...shown.map((one) => ({ Type: 'volume' as const, Source: one.volume, Target: one.to, ReadOnly: true })),
    ],
    Tmpfs: {
      '/tmp': tmpfs(scratchBytes, '1777'),
      '/var/tmp': tmpfs(2 ** 24, '1777'),
      '/run': tmpfs(2 ** 20, '0755'),
      '/home/agent': tmpfs(scratchBytes, '0777'),
    },
  };
}

function hostConfig({ ground, limits, net }: Pick<Wanted, 'ground' | 'limits' | 'net'>): HostConfig {
  const { held } = ground;
  const processes = limits.processes + ownProcesses;
  const most = mostProcesses(ground, limits);
  return {
    NetworkMode: net === null ? 'none' : `container:${net}`,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Privileged: false,
    LogConfig: { Type: 'none', Config: {} },
    ShmSize: scratchBytes,
    Ulimits: [
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'nofile', Soft: openFiles, Hard: openFiles },
      { Name: 'nproc', Soft: most, Hard: most },
    ],
    ...(held.processes ? { PidsLimit: processes } : {}),
    ...(held.memoryBytes ? { Memory: limits.memoryBytes, MemorySwap: limits.memoryBytes } : {}),
    ...(held.cpus ? { NanoCpus: Math.round(Math.min(limits.cpus, ground.processors) * 1e9) } : {}),
  };
}
