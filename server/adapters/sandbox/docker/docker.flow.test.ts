import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { sandboxContract } from '../contract.ts';
import { egressContract } from '../contract-egress.ts';
import { dockerSandbox } from './docker.ts';
import { podmanEngine } from './testing/podman-engine.ts';

const { address, image, stop } = await podmanEngine();
afterAll(stop);

// An engine does not say that the kernel refused a process or ended one for want of memory.
const tells = ['fileBytes', 'diskBytes'] as const;
sandboxContract('podman', async () => dockerSandbox({ engine: address, image, installation: randomUUID() }), tells);
egressContract('podman', async (egress) =>
  dockerSandbox({ engine: address, image, installation: randomUUID(), egress }),
);
