import { afterAll, beforeAll, expect, it } from 'vitest';
import { dockerSandbox } from '../../server/adapters/sandbox/docker/docker.ts';
import { openEngine } from '../../server/adapters/sandbox/docker/engine.ts';
import { podmanEngine } from '../../server/adapters/sandbox/docker/testing/podman-engine.ts';
import { serviceImage } from '../../server/adapters/sandbox/docker/testing/service-image.ts';
import { environmentReport } from '../../server/domain/setup/environment.ts';
import { repoSetup } from '../../server/domain/setup/repo-setup.ts';
import { requestEnvironment } from '../../server/services/environment/request-environment.ts';
import { configureRepo } from '../../server/services/repos/configure-repo.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';

const { address, image, stop } = await podmanEngine();
afterAll(stop);
let rig: FlowRig;
let service: string;
beforeAll(async () => {
  [rig, service] = await Promise.all([flowRig(), serviceImage(openEngine(address), image)]);
});

async function checked(flow: Flow, services: object[], testCommand: string) {
  const { id: repoId } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  await configureRepo(flow.by(), { repoId, testCommand, setup: repoSetup.parse({ services }) });
  const { environmentCheckId: id } = await requestEnvironment(flow.by(), { repoId });
  const where = { orgId_id: { orgId: flow.orgId, id } };
  const row = await flow.until(
    async () => {
      const found = await flow.db.environmentCheck.findUniqueOrThrow({ where });
      return found.endedAt && found;
    },
    'the environment check to end',
    240_000,
  );
  const { steps } = environmentReport.parse(row.report);
  return { status: row.status, services: steps.find(({ step }) => step === 'services') };
}

it('a service that is an image runs beside the tests, which reach it; one that is nowhere is named', async () => {
  const sandbox = dockerSandbox({ engine: address, image, installation: 'services' });
  const flow = await rig.flow([], { sandbox });
  const db = { name: 'db', image: service, port: 7021, env: { PORT: '7021', WORD: 'told' } };
  const test = `test "$(curl -s http://127.0.0.1:7021/ | python3 -c 'import json,sys; print(json.load(sys.stdin)["word"])')" = told`;
  const found = await checked(flow, [db], test);
  expect(found).toMatchObject({ status: 'passed', services: { result: 'passed', detail: 'db on port 7021: up.' } });
  const gone = await checked(flow, [{ ...db, image: 'localhost/fleet-no-such-service:1' }], test);
  expect(gone.status).toBe('failed');
  expect(gone.services).toMatchObject({ result: 'failed', line: 'localhost/fleet-no-such-service:1' });
  expect(gone.services!.detail).toMatch(/^The service db did not start\..*fleet-no-such-service/u);
  expect(await sandbox.reap()).toEqual({ sandboxes: 0, processes: 0 });
}, 600_000);
