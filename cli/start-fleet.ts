import { processEnvironment } from '../server/config/config.ts';
import { startInstallation } from '../server/boot/start-installation.ts';
import type { RunningInstallation, StartOptions } from '../server/boot/start-installation.ts';
import { createInstallationLink } from './owner-link.ts';
import { probeSandbox } from './probe-sandbox.ts';

type Options = Pick<StartOptions, 'onProgress' | 'dataDir' | 'freePorts' | 'signal'>;

/** Starts a whole installation from this process's environment; errors as `startInstallation`. */
export function startFleet(options: Options): Promise<RunningInstallation> {
  return startInstallation({
    env: processEnvironment(),
    probeSandbox,
    createOwnerLink: createInstallationLink,
    ...options,
  });
}
