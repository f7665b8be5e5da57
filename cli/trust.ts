import { readEngines, writeEngines } from '../server/adapters/engines/engine-file.ts';
import { AppError } from '../server/domain/errors.ts';

type Of = { dataDir: string; print: (line: string) => void };

/** Says which orgs trust each other: their work may run on one kernel. */
export async function markTrust(
  { dataDir, print }: Of,
  { all, nobody, orgs }: { all: boolean; nobody: boolean; orgs: string[] },
): Promise<void> {
  if ([all, nobody, orgs.length > 0].filter(Boolean).length !== 1) {
    throw new AppError(
      'invalid_input',
      'Say who: the short names of two or more organizations, or --all, or --nobody.',
    );
  }
  const trust = all ? ('all' as const) : await idsOf(dataDir, orgs);
  await writeEngines(dataDir, { ...(await readEngines(dataDir)), trust });
  print(
    all
      ? 'All organizations may share a kernel.'
      : nobody
        ? 'No two organizations share a kernel.'
        : `${orgs.join(', ')} may share a kernel.`,
  );
}

async function idsOf(dataDir: string, orgs: string[]): Promise<string[]> {
  if (orgs.length === 0) return [];
  // In a fresh clone the database client does not exist before the first start has generated it.
  const { orgIdOf } = await import('./org-id.ts');
  const ids: string[] = [];
  for (const org of orgs) ids.push(await orgIdOf(dataDir, org));
  return ids;
}
