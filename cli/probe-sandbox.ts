import { probePlace } from '../server/adapters/engines/installed-sandboxes.ts';
import type { SandboxHealth } from '../server/domain/ports/sandbox.ts';

/** Runs one real command in one real sandbox where runs happen. */
export function probeSandbox(dataDir: string): Promise<SandboxHealth> {
  return probePlace(dataDir);
}
