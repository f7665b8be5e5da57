import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { sandboxContract } from '../contract.ts';
import { dockerSandbox } from './docker.ts';
import { podmanEngine } from './testing/podman-engine.ts';

const { address, image, stop } = await podmanEngine();
afterAll(stop);

sandboxContract('podman', async () => dockerSandbox({ engine: address, image, installation: randomUUID() }));
