import { afterAll, test } from 'vitest';
import { processEnvironment } from '../../../config/config.ts';
import { egressContract } from '../contract-egress.ts';
import { sandboxContract } from '../contract.ts';
import { directEgress, type EgressSettings } from '../../egress/settings.ts';
import { openEngine } from '../docker/engine.ts';
import { podmanEngine } from '../docker/testing/podman-engine.ts';
import { machinePort } from './machine-port.ts';
import { containerMachine } from './testing/container-machine.ts';

// The user of a world is the same user of this kernel in every container here: its limit of processes counts all of them.
if (processEnvironment()['FLEET_TEST_MACHINE'] === '1') {
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
} else {
  const how = 'FLEET_TEST_MACHINE=1 tries the contract in a container, on a machine that does nothing else';
  process.stdout.write(`Machines behind a terminal: NOT RUN. ${how}.\n`);
  test.skip(`a machine behind a terminal keeps the sandbox contract: NOT RUN, ${how}`, () => undefined);
}
