import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { SandboxEgress, SandboxMount } from '../../domain/ports/sandbox.ts';
import { openEgressProxy } from '../egress/proxy.ts';
import type { EgressSettings } from '../egress/settings.ts';
import { egressPort } from './net-world.ts';

/** What a sandbox with a network is given: the proxy's socket, and what commands must know and trust to use it. */
export type WayOut = {
  socket: string | null;
  env: Record<string, string>;
  mounts: SandboxMount[];
  close(): Promise<void>;
};

const bundle = '/opt/fleet/ca.pem';

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

export async function openWayOut(dir: string, egress: SandboxEgress, settings: EgressSettings): Promise<WayOut> {
  const proxy = await openEgressProxy({ dir, egress, settings });
  const own = proxy.ca === null ? null : join(dir, 'ca.pem');
  if (own !== null) await writeFile(own, [...rootCertificates, proxy.ca, ''].join('\n'));
  return {
    socket: proxy.socket,
    env: { ...proxyEnv(`http://127.0.0.1:${egressPort}`), ...(own === null ? {} : trustEnv) },
    mounts: own === null ? [] : [{ from: own, to: bundle }],
    close: proxy.close,
  };
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
