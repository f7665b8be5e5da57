import { afterAll } from 'vitest';
import { egressContract } from '../contract-egress.ts';
import { sandboxContract } from '../contract.ts';
import { directEgress, type EgressSettings } from '../../egress/settings.ts';
import { openEngine } from '../docker/engine.ts';
import { podmanEngine } from '../docker/testing/podman-engine.ts';
import { machinePort } from './machine-port.ts';
import { containerMachine } from './testing/container-machine.ts';

const { address, image, stop } = await podmanEngine();
afterAll(stop);
const engine = openEngine(address);

const port = async (egress: EgressSettings = directEgress) =>
  machinePort({
    name: 'machines',
    egress,
    make: () => containerMachine(engine, image),
    reap: async () => ({ sandboxes: 0, processes: 0 }),
  });

sandboxContract('a machine behind a terminal', () => port(), ['fileBytes', 'diskBytes']);
egressContract('a machine behind a terminal', port);
