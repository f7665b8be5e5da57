import { mkdtemp, readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { TlsOptions } from 'node:tls';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAuthority } from '../../server/adapters/egress/authority.ts';
import { directEgress } from '../../server/adapters/egress/settings.ts';
import { localSandbox } from '../../server/adapters/sandbox/local.ts';
import { newId } from '../../server/db/new-id.ts';
import { repoSetup } from '../../server/domain/setup/repo-setup.ts';
import { environmentReport } from '../../server/domain/setup/environment.ts';
import { requestEnvironment } from '../../server/services/environment/request-environment.ts';
import { configureRepo } from '../../server/services/repos/configure-repo.ts';
import { saveSecret, type SecretEntry } from '../../server/services/secrets/save-secret.ts';
import { flowRig, type Flow, type FlowRig } from './testing/flow-rig.ts';
import { npmRegistry, type NpmRegistry } from './testing/npm-registry.ts';
import { approves, create, developer, doubleTest, handoff, shell } from './testing/stories.ts';
import { removeLivedIn } from '../../server/testing/remove-lived-in.ts';

const token = 'npm_very-secret-0123456789';
const apiKey = 'key-very-secret-9876543210';
const bearer = 'Authorization: Bearer {}';
let rig: FlowRig;
let registry: NpmRegistry;
const folders: string[] = [];
beforeAll(async () => {
  [rig, registry] = await Promise.all([flowRig(), npmRegistry(token)]);
});
afterAll(async () => {
  await registry.stop();
  for (const folder of folders) await removeLivedIn(folder);
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'fleet-secrets-'));
  folders.push(made);
  return made;
}

const save = (flow: Flow, over: Partial<SecretEntry> & Pick<SecretEntry, 'name' | 'value' | 'places'>) =>
  saveSecret(
    { ...flow.by(), secretBoxes: flow.worker.secretBoxes },
    { header: bearer, inSetUp: false, inRuns: false, secretId: null, repoId: null, ...over },
  );

/** Files that hold a text, below a folder. */
async function holding(text: string, under: string): Promise<string[]> {
  const entries = await readdir(under, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(files.map(async (file) => ((await readFile(file)).includes(text) ? [file] : [])));
  return read.flat();
}

/** All that an org's log and tables say, as text. */
async function told(flow: Flow): Promise<string> {
  const { db, orgId } = flow;
  const where = { where: { orgId } };
  const events = await db.event.findMany(where);
  const chunks = await db.blobChunk.findMany(where);
  const bytes = [...events.map(({ payload }) => payload), ...chunks.map(({ data }) => data)];
  const texts = bytes.flatMap((each) => (each === null ? [] : [Buffer.from(each).toString('latin1')]));
  return [...texts, JSON.stringify(await db.environmentCheck.findMany(where)), JSON.stringify(flow.reported)].join(
    '\n',
  );
}

async function check(flow: Flow) {
  const { id: repoId } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  const { environmentCheckId: id } = await requestEnvironment(flow.by(), { repoId });
  const row = await flow.until(async () => {
    const found = await flow.db.environmentCheck.findUniqueOrThrow({ where: { orgId_id: { orgId: flow.orgId, id } } });
    return found.endedAt && found;
  }, 'the environment check to end');
  return { status: row.status, report: environmentReport.parse(row.report) };
}

it('a private registry lets a set-up in by a secret that no sandbox, layer, report or log holds', async () => {
  const at = registry.url.replace('http:', '');
  const npmrc = `registry=${registry.url}/\n${at}/:_authToken=\${NPM_TOKEN}\n`;
  const sandbox = localSandbox({
    dataDir: await folder(),
    egress: { ...registry.egress, mirrors: {}, internalHosts: ['registry.test'] },
  });
  const flow = await rig.flow([], { sandbox, files: { ...registry.files, '.npmrc': npmrc } });
  const { id: repoId } = await flow.db.repo.findFirstOrThrow({ where: { orgId: flow.orgId } });
  const setup = repoSetup.parse({
    install: 'env; npm ci --no-audit --fetch-retries 0',
    lockfiles: ['package-lock.json'],
  });
  const testCommand = 'echo "held: $NPM_TOKEN"; npm test';
  await configureRepo(flow.by(), { repoId, testCommand, setup });
  expect(await check(flow)).toMatchObject({ status: 'failed' });
  expect(registry.asked).toEqual([]);

  const places = [new URL(registry.url).host];
  await save(flow, { name: 'NPM_TOKEN', value: 'not-the-right-token', places, inSetUp: true });
  expect(await check(flow)).toMatchObject({ status: 'failed' });
  const { id: secretId } = await flow.db.networkSecret.findFirstOrThrow({ where: { orgId: flow.orgId } });
  await save(flow, { secretId, name: 'NPM_TOKEN', value: token, places, inSetUp: true });
  const { status, report } = await check(flow);
  expect(status, JSON.stringify(report)).toBe('passed');
  const output = report.steps.find(({ step }) => step === 'set-up')!.output;
  expect(output).toContain(`network: ${places[0]}, 1 let through with NPM_TOKEN`);
  expect(output).toMatch(/NPM_TOKEN=fleet-secret-[0-9a-f]{24}/);
  expect(report.tests!.outputTail).toMatch(/held: fleet-secret-[0-9a-f]{24}/);
  expect(await told(flow)).not.toContain(token);
  expect(await holding(token, flow.dataDir)).toEqual([]);
});

/** An API on this machine that answers who knows its key, and repeats what it was sent. */
async function openApi() {
  const authority = await makeAuthority(new Date());
  const seen: string[] = [];
  const SNICallback: TlsOptions['SNICallback'] = (name, give) =>
    void authority.contextFor(name).then((key) => give(null, key));
  const server = createServer({ SNICallback }, (request, response) => {
    const sent = request.headers.authorization ?? '';
    seen.push(`${request.headers.host?.split(':')[0]} ${sent}`);
    response.end(`you said ${sent}\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const names = ['api.test', 'other.test'];
  const resolve = async (host: string) => (names.includes(host) ? ['127.0.0.1'] : []);
  const egress = { ...directEgress, internalHosts: names, extraCa: authority.pem, resolve };
  return { port, seen, egress, close: () => void server.close().closeAllConnections() };
}

it('an agent uses an API by a key that it never sees, and sends it nowhere else', async () => {
  const api = await openApi();
  const ask = (host: string, more = '') =>
    shell(
      `curl -sS -H "Authorization: Bearer $API_KEY" https://${host}:${api.port}/ ${more}; echo; env | grep API_KEY`,
    );
  const story = developer(
    1,
    [ask('api.test')],
    [ask('other.test', '-k')],
    [create('src/double.js', 'export const double = (n) => n * 2;\n'), create('test/double.test.js', doubleTest())],
    [handoff('double() doubles a number.')],
  );
  const sandbox = localSandbox({ dataDir: await folder(), egress: api.egress });
  const flow = await rig.flow([story, approves], { sandbox });
  await openTo(flow, api.port);
  await save(flow, { name: 'API_KEY', value: apiKey, places: [`api.test:${api.port}`], inRuns: true });
  const { pipelineRunId } = await flow.task();
  await flow.pending(pipelineRunId, 'merge');
  expect(api.seen[0]).toBe(`api.test Bearer ${apiKey}`);
  expect(api.seen[1]).toMatch(/^other\.test Bearer fleet-secret-[0-9a-f]{24}$/);
  const log = await told(flow);
  expect(log).not.toContain(apiKey);
  expect(log).toMatch(/you said Bearer fleet-secret-[0-9a-f]{24}/);
  expect(log).toContain('"injected":["API_KEY"]');
  expect(log).toContain('holds a placeholder, not the secret');
  expect(await holding(apiKey, flow.dataDir)).toEqual([]);
  api.close();
});

/** Lets developers that are started from now on reach both names. */
async function openTo(flow: Flow, port: number): Promise<void> {
  const { db, orgId } = flow;
  const where = { orgId, role: { name: 'developer' } };
  const last = await db.roleVersion.findFirstOrThrow({ where, orderBy: { version: 'desc' } });
  const rules = ['api.test', 'other.test'].map((host) => ({ host, ports: [port] }));
  const body = { ...(last.body as object), network: { registries: [], rules } };
  await db.roleVersion.create({ data: { ...last, id: newId('roleVersion'), version: last.version + 1, body } });
}
