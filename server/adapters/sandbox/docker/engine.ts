import { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { AppError } from '../../../domain/errors.ts';
import { engineFault } from './engine-fault.ts';

/** How a container engine is reached. Certificates and key are PEM texts. */
export type EngineAddress = {
  /** The operator's name for it. */
  name: string;
  /** `unix:///run/podman/podman.sock`, `tcp://host:2375` or, with TLS, `https://host:2376`. */
  url: string;
  tls: { ca?: string; cert?: string; key?: string } | null;
};

/** One container engine. Every failure is an AppError `sandbox_unavailable` that says what to do. */
export type Engine = {
  address: EngineAddress;
  /** One call with a time limit; `what` finishes the sentence "… could not". */
  call<T>(what: string, act: (docker: Docker) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** Both directions of a container's standard streams; frames of stdout and stderr come as the engine sends them. */
  attach(containerId: string): Promise<Duplex>;
};

const callTimeoutMs = 60_000;

/** Reaches nothing yet. Throws `config_invalid` for an address that cannot be one. */
export function openEngine(address: EngineAddress): Engine {
  const docker = new Docker(dockerOptions(address));
  const call: Engine['call'] = async (what, act, timeoutMs = callTimeoutMs) => {
    try {
      return await within(timeoutMs, act(docker));
    } catch (error) {
      throw engineFault(error, address, what);
    }
  };
  return {
    address,
    call,
    attach: (id) => call('attach to a container', () => attach(docker, id)),
  };
}

/** The connection options of an engine's address. Throws `config_invalid`. */
function dockerOptions({ name, url, tls }: EngineAddress): Docker.DockerOptions {
  const wrong = (why: string) => new AppError('config_invalid', `The address of the engine ${name} ${why}.`);
  if (!URL.canParse(url)) throw wrong('must be a URL such as unix:///run/podman/podman.sock or https://host:2376');
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol === 'unix:') return { socketPath: decodeURIComponent(pathname) };
  if (!['tcp:', 'http:', 'https:'].includes(protocol)) throw wrong('must begin with unix:, tcp: or https:');
  const secured = protocol === 'https:' || tls !== null;
  // Whoever can speak to an engine is root there: plain text is for this machine alone.
  if (!secured && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/u.test(hostname)) {
    throw wrong('is not on this machine and has no TLS: give --ca, --cert and --key, or reach it through a tunnel');
  }
  const place = { host: hostname.replaceAll(/[[\]]/gu, ''), port: Number(port) || (secured ? 2376 : 2375) };
  return secured ? { protocol: 'https', ...place, ...tls } : { protocol: 'http', ...place };
}

/**
 * dockerode's own attach sends its options as a body, which Podman takes for input of the container; an empty body
 * keeps both engines right.
 */
function attach(docker: Docker, id: string): Promise<Duplex> {
  const request = {
    path: `/containers/${id}/attach?`,
    method: 'POST',
    isStream: true,
    hijack: true,
    openStdin: false,
    file: Buffer.alloc(0),
    options: { stream: true, stdin: true, stdout: true, stderr: true },
    statusCodes: { 101: true, 200: true, 404: 'no such container', 500: 'server error' },
  };
  return new Promise<Duplex>((resolve, reject) => {
    docker.modem.dial(request as never, (error: unknown, stream: unknown) => {
      if (error) reject(error as Error);
      else if (stream instanceof Duplex) resolve(stream);
      else reject(new Error('the engine did not open a stream'));
    });
  });
}

/** What comes too late is left to the reaper. */
async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new DOMException(`no answer in ${timeoutMs / 1000} s`, 'TimeoutError')),
    timeoutMs,
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
