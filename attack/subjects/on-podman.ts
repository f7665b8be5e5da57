import { randomUUID } from 'node:crypto';
import { podmanEngine } from '../../server/adapters/sandbox/docker/testing/podman-engine.ts';
import { dockerSandbox } from '../../server/adapters/sandbox/docker/docker.ts';
import type { Closing } from '../case.ts';
import { confined } from './ours.ts';
import type { Subject } from './subject.ts';

/** Fleet's containers on a real Podman of this machine. What a command left in its tree comes to the host, as after a tool. */
export async function onPodman(closing: Closing): Promise<() => Subject> {
  const { address, image, stop } = await podmanEngine();
  closing(stop);
  const port = dockerSandbox({ engine: address, image, installation: randomUUID() });
  return () => ({
    name: 'podman',
    onEngine: true,
    open: (tree) => confined(port, tree, { bringsHome: true }),
    openWithout: null,
  });
}
