import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { egressContract } from './contract-egress.ts';
import { sandboxContract } from './contract.ts';
import { localSandbox } from './local.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'fleet-data-'));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

sandboxContract('local', async () => localSandbox({ dataDir }));
egressContract('local', async (egress) => localSandbox({ dataDir, egress }));
