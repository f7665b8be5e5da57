import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInstallationLink } from '../../cli/owner-link.ts';
import { markTrust } from '../../cli/trust.ts';
import { probeSandbox } from '../../cli/probe-sandbox.ts';
import { startInstallation, type RunningInstallation } from '../../server/boot/start-installation.ts';
import { processEnvironment, type Env } from '../../server/config/config.ts';

type Options = { anthropicBaseUrl?: string; more?: Env; say: (line: string) => void };

/**
 * A whole installation as `npm start` makes it, on free ports and a throw-away folder, without a model key whatever the
 * machine has. `stop` also removes the folder.
 */
export async function startBeside({ anthropicBaseUrl, more, say }: Options): Promise<RunningInstallation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-e2e-'));
  // Strangers share this one: each test has an org of its own.
  await markTrust({ dataDir, print: say }, { all: true, nobody: false, orgs: [] });
  const env = { ...processEnvironment(), ANTHROPIC_API_KEY: undefined, ANTHROPIC_BASE_URL: anthropicBaseUrl, ...more };
  const drop = () => rm(dataDir, { recursive: true, force: true });
  const createOwnerLink = createInstallationLink;
  const started = startInstallation({ env, dataDir, freePorts: true, onProgress: say, probeSandbox, createOwnerLink });
  const running = await started.catch(async (error: unknown) => {
    await drop();
    throw error;
  });
  return { ...running, stop: () => running.stop().finally(drop) };
}
