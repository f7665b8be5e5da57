import { newId } from '../../db/new-id.ts';
import { sandboxLimits, setupOutputBytes, setupTimeoutMs } from '../../domain/checks/limits.ts';
import { AppError } from '../../domain/errors.ts';
import type { NetworkRequest } from '../../domain/network/network-request.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { Sandbox, SandboxEgress, SandboxPort } from '../../domain/ports/sandbox.ts';
import type { Workspaces } from '../../domain/ports/workspaces.ts';
import type { EnvironmentStep } from '../../domain/setup/environment.ts';
import { networkWords } from '../../domain/setup/network-words.ts';
import type { RepoSetup } from '../../domain/setup/repo-setup.ts';
import { readTraced, tracedScript } from '../../domain/setup/set-up-script.ts';
import { setupKey } from '../../domain/setup/setup-key.ts';
import { cacheEnv, cacheFolder, setupEnv } from '../../domain/setup/tool-places.ts';
import type { ReadRepoSecrets, RepoSecrets } from '../secrets/repo-secrets.ts';
import { readToolchain } from './read-toolchain.ts';

export type SetUpPlace = { repoId: string; commit: string };

/** The network of one set-up. */
export type SetUpNetwork = {
  /** Nothing leaves that it has not written down. Null where nothing is open. */
  egress: SandboxEgress | null;
  /** For good: what could not be written is tried once more. */
  close(): Promise<void>;
};

export type SetUpPorts = {
  codeHost: Pick<CodeHost, 'fileAt'>;
  sandboxes: Pick<SandboxPort, 'open'>;
  workspaces: Pick<Workspaces, 'fresh' | 'remove' | 'setUp'>;
  secrets: ReadRepoSecrets;
  network(asked: SetUpPlace & Pick<SandboxEgress, 'policy' | 'credentials'>): SetUpNetwork;
  report(error: unknown, where: string): void;
};

type At = {
  mirror: string;
  commit: string;
  setup: RepoSetup;
  signal: AbortSignal;
  /** Where somebody has asked already. */
  toolchain?: string[];
  timeoutMs?: number;
};

/** What work trees and sandboxes of a commit are given. `key` names the layer; null where nothing is installed. */
export type SetUp = { key: string | null; env: Record<string, string> };

/**
 * Makes a commit's dependencies available, unless they are there from before. `setUp` is null where the set-up failed, and
 * `step` says at which line. Throws `sandbox_unavailable`, and the signal's reason.
 */
export async function setUpRepo(ports: SetUpPorts, at: At): Promise<{ setUp: SetUp | null; step: EnvironmentStep }> {
  const { mirror, commit, setup, signal } = at;
  if (setup.install === '') {
    const detail = 'There is none: the tests run with what the sandbox has.';
    return { setUp: { key: null, env: {} }, step: { ...quiet, result: 'skipped', detail } };
  }
  const key = await keyOf(ports, at);
  const secrets = await ports.secrets(mirror);
  const made: { step: EnvironmentStep | null } = { step: null };
  const id = newId('sandbox');
  const fill = async (tree: string) => {
    const timeoutMs = at.timeoutMs ?? setupTimeoutMs;
    made.step = await install(ports, { id, mirror, commit, tree, setup, secrets, signal, timeoutMs });
    if (made.step.result === 'failed') throw new AppError('environment_broken', made.step.detail, { step: made.step });
  };
  try {
    const { leftOut } = await ports.workspaces.setUp({ id, mirror, commit, key, fill });
    const step = made.step ?? { ...quiet, detail: 'Its result is kept from an earlier one with the same lockfiles.' };
    // Settings that name a secret's variable are read again by every later command.
    return { setUp: { key, env: { ...secrets.env, ...setupEnv(setup) } }, step: withLeftOut(step, leftOut) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError && error.code === 'environment_broken')) throw error;
    return { setUp: null, step: error.detail['step'] as EnvironmentStep };
  }
}

const quiet: EnvironmentStep = { step: 'set-up', result: 'passed', detail: '', line: null, millis: 0, output: '' };

async function keyOf(ports: SetUpPorts, at: At): Promise<string> {
  const { mirror, commit, setup } = at;
  const toolchain = at.toolchain ?? (await readToolchain(ports, at));
  const lockfiles = await Promise.all(
    setup.lockfiles.map(async (path) => ({ path, bytes: await ports.codeHost.fileAt({ mirror, commit, path }) })),
  );
  return setupKey({ setup, toolchain, lockfiles });
}

type Installing = {
  id: string;
  mirror: string;
  commit: string;
  tree: string;
  setup: RepoSetup;
  secrets: RepoSecrets;
  signal: AbortSignal;
  timeoutMs: number;
};

/** Runs the set-up in a sandbox in which nothing is open but the named registries and the places of secrets meant for it. */
async function install(
  ports: SetUpPorts,
  { id, mirror, commit, tree, setup, secrets, signal, timeoutMs }: Installing,
): Promise<EnvironmentStep> {
  const requests: NetworkRequest[] = [];
  const { credentials, rules } = secrets.forSetUp();
  const policy = { registries: setup.registries, rules };
  const network = ports.network({ repoId: mirror, commit, policy, credentials });
  const sandbox = await ports.sandboxes.open({
    id,
    repo: mirror,
    tree,
    writable: true,
    limits: sandboxLimits,
    egress: network.egress && noting(network.egress, requests),
    env: { ...secrets.env, ...setupEnv(setup), ...cacheEnv },
  });
  try {
    const marker = `--- fleet ${newId('blob')}`;
    const command = tracedScript({ commands: setup.install, marker });
    const result = await sandbox.exec({ command, timeoutMs, maxOutputBytes: setupOutputBytes, signal });
    signal.throwIfAborted();
    const step = readTraced({ result, marker, what: 'Set-up' });
    if (step.result === 'passed') await bringHome(sandbox, signal);
    return { step: 'set-up', ...step, output: [step.output, networkWords(requests)].filter(Boolean).join('\n\n') };
  } finally {
    const left = (error: unknown) => ports.report(error, `cleaning up after ${id}`);
    await sandbox.dispose().catch(left);
    await network.close().catch(left);
  }
}

/** Keeps what was written down for the checklist too. */
function noting(egress: SandboxEgress, requests: NetworkRequest[]): SandboxEgress {
  const record: SandboxEgress['record'] = async (request) => {
    await egress.record(request);
    if (requests.length < mostRequests) requests.push(request);
  };
  return { ...egress, record };
}

async function bringHome(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  await sandbox.exec({ command: `rm -rf ${cacheFolder}`, timeoutMs: 60_000, maxOutputBytes: 1_024, signal });
  signal.throwIfAborted();
  await sandbox.snapshot();
}

const mostRequests = 10_000;

function withLeftOut(step: EnvironmentStep, leftOut: string[]): EnvironmentStep {
  if (leftOut.length === 0) return step;
  const names = leftOut.slice(0, 3).join(', ') + (leftOut.length > 3 ? ` and ${leftOut.length - 3} more` : '');
  return { ...step, detail: `${step.detail} It changed ${names}, which stay as the commit has them.` };
}
