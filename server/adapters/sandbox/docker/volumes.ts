import { isGone } from './engine-fault.ts';
import type { Engine } from './engine.ts';

/** An empty volume on the engine. Throws `sandbox_unavailable`. */
export async function makeVolume(engine: Engine, name: string, labels: Record<string, string>): Promise<string> {
  await engine.call('make a volume', (docker) => docker.createVolume({ Name: name, Labels: labels }));
  return name;
}

/** One that is gone, or that something still uses, is left as it is. */
export async function removeVolume(engine: Engine, name: string): Promise<void> {
  try {
    await engine.call('remove a volume', (docker) => docker.getVolume(name).remove());
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
