import { isPlacedByName, kernelOf, placeOfOrg, trustEachOther } from '../../domain/engines/engine-settings.ts';
import type { Placing } from '../../domain/ports/placing.ts';
import { readEngines } from './engine-file.ts';

/** What the data folder's settings say, read anew each time. */
export function placing({ dataDir }: { dataDir: string }): Placing {
  return async (orgId) => {
    const settings = await readEngines(dataDir);
    const trusts = (other: string) => trustEachOther(settings, orgId, other);
    const kernel = kernelOf(settings, placeOfOrg(settings, orgId));
    return { kernel, trusts, byName: isPlacedByName(settings, orgId) };
  };
}
