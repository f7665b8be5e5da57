import { readFile } from 'node:fs/promises';
import { readEngines, writeEngines } from '../server/adapters/engines/engine-file.ts';
import { probePlace } from '../server/adapters/engines/installed-sandboxes.ts';
import { openEngine } from '../server/adapters/sandbox/docker/engine.ts';
import { importHostImage, fetchImage } from '../server/adapters/sandbox/docker/engine-image.ts';
import { e2bDomain, engineNamed, engineSettings, localPlace, type EngineRecord, type EngineSettings } from '../server/domain/engines/engine-settings.ts'; // prettier-ignore
import { limitWords } from '../server/domain/engines/limit-words.ts';
import { AppError } from '../server/domain/errors.ts';

type Of = { dataDir: string; print: (line: string) => void };
export type Certificates = { ca?: string; cert?: string; key?: string };

/** Enters an engine, or another address for one that is known; its image stays. Throws `config_invalid`. */
export async function addEngine(
  { dataDir, print }: Of,
  name: string,
  given: Certificates & { url: string; apiKeyFile?: string },
): Promise<void> {
  const settings = await readEngines(dataDir);
  const known = engineNamed(settings, name);
  const { url } = given;
  const apiKey = await readApiKey(given);
  // E2B has templates from the start.
  const image = known?.image ?? (apiKey === null ? null : 'base');
  const engine = { name, url, tls: await readPems(given), apiKey, image };
  const next = checked({ ...settings, engines: [...settings.engines.filter((one) => one !== known), engine] });
  // An address that cannot be one is refused here.
  if (apiKey === null) openEngine(engine);
  await writeEngines(dataDir, next);
  print(`${known ? 'Changed' : 'Added'} ${name}. Look at it with: npx fleet engine test ${name}`);
  if (engine.image === null) print(`It needs an image for sandboxes: npx fleet engine image ${name}`);
}

/** Forgets an engine that nothing uses. */
export async function removeEngine({ dataDir, print }: Of, name: string): Promise<void> {
  const settings = await readEngines(dataDir);
  existing(settings, name);
  const usedBy = Object.values(settings.orgs).filter((place) => place === name).length;
  if (settings.use === name || usedBy > 0) {
    const what = settings.use === name ? 'npx fleet engine use local' : 'npx fleet engine use local --org NAME';
    throw new AppError('conflict', `The engine ${name} is in use. Let its orgs run elsewhere first: ${what}`);
  }
  await writeEngines(dataDir, { ...settings, engines: settings.engines.filter((one) => one.name !== name) });
  print(`Forgot ${name}. What runs there goes on to its end; its image stays there.`);
}

/** Says what is entered, without certificates. */
export async function listEngines({ dataDir, print }: Of): Promise<void> {
  const { engines, use, orgs, images, trust } = await readEngines(dataDir);
  const mark = (place: string) => (place === use ? '→' : ' ');
  print(`${mark(localPlace)} ${localPlace}: bubblewrap on this machine`);
  for (const { name, url, tls, image } of engines) {
    const kind = tls === null ? '' : ', TLS';
    const what = e2bDomain({ url }) === null ? 'image' : 'template';
    print(`${mark(name)} ${name}: ${url}${kind}, ${image === null ? `no ${what} yet` : `${what} ${image}`}`);
  }
  for (const [repo, image] of Object.entries(images)) print(`  ${repo} has image ${image}`);
  for (const [org, place] of Object.entries(orgs)) print(`  ${org} runs on ${place}`);
  if (trust === 'all') print('  all orgs may share a kernel');
  else if (trust.length > 0) print(`  may share a kernel: ${trust.join(', ')}`);
}

/** Runs one real command in one real sandbox there. Returns the exit code. */
export async function testEngine({ dataDir, print }: Of, name: string): Promise<number> {
  if (name !== localPlace) existing(await readEngines(dataDir), name);
  const health = await probePlace(dataDir, name);
  print(`${health.ok ? '✓' : '✗'} ${name}: ${health.detail}`);
  if (health.ok) print(`  ${limitWords(health.limits)}`);
  return health.ok ? 0 : 1;
}

type Wanted = { use?: string; repo?: string; compilers: boolean };

/**
 * Gives an engine its image, or a repo one of its own: the named one, fetched where it is not there, or this machine's own
 * tools. It is tried at once. Returns the exit code.
 */
export async function setImage(
  { dataDir, print }: Of,
  name: string,
  { use, repo, compilers }: Wanted,
): Promise<number> {
  const record = existing(await readEngines(dataDir), name);
  const repoId = repo === undefined ? null : await repoFor(dataDir, repo, use);
  const found = await findImage(record, { use, compilers, print });
  // Read anew: that took a while.
  const now = await readEngines(dataDir);
  const engines = now.engines.map((one) => (one.name === name ? { ...one, image: found.id } : one));
  const next = repoId === null ? { ...now, engines } : { ...now, images: { ...now.images, [repoId]: found.id } };
  await writeEngines(dataDir, next);
  print(`Sandboxes of ${repo ?? name} are made of ${found.reference} (${found.id.slice(0, 19)}).`);
  const health = await probePlace(dataDir, name, repoId ?? undefined);
  print(`${health.ok ? '✓' : '✗'} ${health.detail}`);
  if (health.ok && now.use !== name) print(`Let runs go there: npx fleet engine use ${name}`);
  return health.ok ? 0 : 1;
}

type Finding = { use: string | undefined; compilers: boolean; print: Of['print'] };

async function findImage(record: EngineRecord, { use, compilers, print }: Finding) {
  if (e2bDomain(record) !== null) {
    if (use !== undefined) return { id: use, reference: use };
    throw new AppError('invalid_input', 'E2B makes sandboxes of its templates. Name one: --use TEMPLATE');
  }
  const engine = openEngine(record);
  print(
    use === undefined ? `Packing this machine’s tools for ${record.name} …` : `Looking for ${use} on ${record.name} …`,
  );
  return use === undefined ? importHostImage(engine, { withCompilers: compilers }) : fetchImage(engine, use);
}

async function repoFor(dataDir: string, repo: string, use: string | undefined): Promise<string> {
  if (use === undefined) throw new AppError('invalid_input', 'Name the image of that repo: --use IMAGE');
  return (await import('./org-id.ts')).repoIdOf(dataDir, repo);
}

/** Says where sandboxes are made: for every org, or for one. */
export async function usePlace({ dataDir, print }: Of, place: string, org: string | undefined): Promise<void> {
  const settings = await readEngines(dataDir);
  if (place !== localPlace) existing(settings, place);
  if (org === undefined) {
    await writeEngines(dataDir, { ...settings, use: place });
    print(`From the next sandbox on, runs, checks and merges happen on ${place}.`);
    return;
  }
  // In a fresh clone the database client does not exist before the first start has generated it.
  const { orgIdOf } = await import('./org-id.ts');
  const orgId = await orgIdOf(dataDir, org);
  await writeEngines(dataDir, { ...settings, orgs: { ...settings.orgs, [orgId]: place } });
  print(`From the next sandbox on, the work of ${org} happens on ${place}.`);
}

function existing(settings: EngineSettings, name: string): EngineRecord {
  const found = engineNamed(settings, name);
  if (found !== null) return found;
  throw new AppError('not_found', `There is no engine ${name}. Enter it with: npx fleet engine add ${name} --url URL`);
}

function checked(settings: EngineSettings): EngineSettings {
  const read = engineSettings.safeParse(settings);
  if (read.success) return read.data;
  const { path = [], message = 'is not valid' } = read.error.issues[0] ?? {};
  throw new AppError('config_invalid', `The engine’s ${String(path.at(-1))} ${message}.`);
}

/** Null for engines of Docker's API, which have certificates instead. */
async function readApiKey({ url, apiKeyFile }: { url: string; apiKeyFile?: string }): Promise<string | null> {
  const isE2b = e2bDomain({ url }) !== null;
  if (isE2b !== (apiKeyFile !== undefined)) {
    const text = 'A key of E2B belongs to its address: give both --url e2b://e2b.app and --api-key-file FILE.';
    throw new AppError('config_invalid', text);
  }
  if (apiKeyFile === undefined) return null;
  const key = (await readText(apiKeyFile)).trim();
  if (/^[\x21-\x7e]{8,500}$/u.test(key)) return key;
  throw new AppError('config_invalid', `${apiKeyFile} holds no key: it must be one line without spaces.`);
}

async function readPems({ ca, cert, key }: Certificates): Promise<EngineRecord['tls']> {
  if ((cert === undefined) !== (key === undefined)) {
    throw new AppError('config_invalid', 'A certificate and its key belong together: give both --cert and --key.');
  }
  if (ca === undefined && cert === undefined) return null;
  const [caText, certText, keyText] = await Promise.all([ca, cert, key].map(readPem));
  return { ca: caText, cert: certText, key: keyText };
}

async function readPem(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const text = await readText(file);
  if (text.includes('-----BEGIN ')) return text;
  throw new AppError('config_invalid', `${file} is no PEM file: it holds no line -----BEGIN …`);
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new AppError('config_invalid', `${file} cannot be read: ${error.message}`);
  });
}
