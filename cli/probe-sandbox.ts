import { localSandbox } from '../server/adapters/sandbox/local.ts';
import type { SandboxHealth } from '../server/domain/ports/sandbox.ts';

/** Runs one real command in one real sandbox. */
export function probeSandbox(dataDir: string): Promise<SandboxHealth> {
  return localSandbox({ dataDir }).probe();
}
