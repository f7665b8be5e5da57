import { readEngines } from '../server/adapters/engines/engine-file.ts';
import { probePlace } from '../server/adapters/engines/installed-sandboxes.ts';
import { localPlace } from '../server/domain/engines/engine-settings.ts';
import type { SandboxHealth } from '../server/domain/ports/sandbox.ts';

/** Runs one real command in one real sandbox where runs happen; and here, where git is confined wherever that is. */
export async function probeSandbox(dataDir: string): Promise<SandboxHealth> {
  const there = await probePlace(dataDir);
  if (!there.ok || (await readEngines(dataDir)).use === localPlace) return there;
  const here = await probePlace(dataDir, localPlace);
  return here.ok ? there : { ...here, detail: `git cannot be confined on this machine: ${here.detail}` };
}
