import { Resolver } from 'node:dns/promises';
import { AppError } from '../../domain/errors.ts';
import type { TxtRecords } from '../../domain/ports/txt-records.ts';

const nothingThere = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN']);

/** Asks the machine's DNS servers, or `servers` where the operator names others. */
export function dnsTxtRecords({ servers }: { servers: string[] }): TxtRecords {
  return async (name) => {
    const resolver = new Resolver({ timeout: 3_000, tries: 2 });
    if (servers.length > 0) resolver.setServers(servers);
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      if (nothingThere.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw new AppError('unavailable', 'DNS did not answer. Try again; if it stays, tell the operator.');
    }
  };
}
