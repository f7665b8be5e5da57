import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { egressContract } from './contract-egress.ts';
import { sandboxContract } from './contract.ts';
import { localSandbox } from './local.ts';
import { removeLivedIn } from '../../testing/remove-lived-in.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'fleet-data-'));
afterAll(() => removeLivedIn(dataDir));

sandboxContract('local', async () => localSandbox({ dataDir }));
egressContract('local', async (egress) => localSandbox({ dataDir, egress }));
