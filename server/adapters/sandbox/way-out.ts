import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { SandboxEgress, SandboxMount } from '../../domain/ports/sandbox.ts';
import { openEgressProxy } from '../egress/proxy.ts';
import type { EgressSettings } from '../egress/settings.ts';
import type { EgressWeakness } from '../egress/weakness.ts';
import { egressPort } from './net-world.ts';
import { cargoFolder, packageTools } from './package-tools.ts';

/** What a sandbox with a network is given: the proxy's socket, and what commands must know and trust to use it. */
export type WayOut = {
  socket: string | null;
  env: Record<string, string>;
  /** Folders, never files: a container can be shown nothing else. */
  mounts: SandboxMount[];
  close(): Promise<void>;
};

const offered = '/opt/fleet';
const bundle = `${offered}/ca.pem`;
const proxyPlace = { host: '127.0.0.1', port: egressPort };

/** By these names programs look for the authorities they trust. */
const trustVariables = [
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'CARGO_HTTP_CAINFO',
];

/** `weakness` is for experiments. */
export async function openWayOut(
  dir: string,
  egress: SandboxEgress,
  settings: EgressSettings,
  weakness: EgressWeakness = {},
): Promise<WayOut> {
  const proxy = await openEgressProxy({ dir, egress, settings }, weakness);
  try {
    const tools = packageTools(egress.policy, settings, { folder: offered, proxy: proxyPlace });
    const trust: Record<string, string> =
      proxy.ca === null ? {} : { 'ca.pem': [...rootCertificates, proxy.ca, ''].join('\n') };
    const mounts = await offer(join(dir, 'offered'), { ...tools.files, ...trust });
    return {
      socket: proxy.socket,
      env: {
        ...proxyEnv(`http://${proxyPlace.host}:${proxyPlace.port}`),
        ...(proxy.ca === null ? {} : trustEnv),
        ...tools.env,
      },
      mounts,
      close: proxy.close,
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

/** Lays files out on the host, and says where they are shown. */
async function offer(folder: string, files: Record<string, string>): Promise<SandboxMount[]> {
  const names = Object.keys(files);
  if (names.length === 0) return [];
  for (const name of names) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), files[name]!);
  }
  const hasCargo = names.some((name) => dirname(name) === cargoFolder);
  const cargo = { from: join(folder, cargoFolder), to: '/.cargo' };
  return [{ from: folder, to: offered }, ...(hasCargo ? [cargo] : [])];
}

const trustEnv = Object.fromEntries(trustVariables.map((name) => [name, bundle]));

function proxyEnv(proxy: string): Record<string, string> {
  const near = 'localhost,127.0.0.1,::1';
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: near,
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: near,
    // Node's own fetch looks at the others only when told to.
    NODE_USE_ENV_PROXY: '1',
  };
}
