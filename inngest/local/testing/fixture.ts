import { afterEach } from 'vitest';
import { testDatabase } from '../../../server/testing/database.ts';
import type { BusClient } from '../../bus/client.ts';
import type { Engine } from '../engine.ts';
import type { EngineOptions } from '../options.ts';
import { engineRows, startWorker, testClient, testEngine } from './rig.ts';
import type { Functions } from './rig.ts';

type Declare = (client: BusClient) => Functions;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** Runs after the test, last in first out. */
export function atEnd(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

/** A database of the test's own, as the engine has it: role fleet_engine. */
export async function ownDatabase() {
  const { engineUrl: url } = await testDatabase();
  const rows = engineRows(url);
  atEnd(() => rows.end());
  return { url, rows };
}

export async function ownEngine(databaseUrl: string, options?: Partial<EngineOptions>): Promise<Engine> {
  const engine = await testEngine(databaseUrl, options);
  atEnd(() => engine.close());
  return engine;
}

/** An engine on its own database, and a worker that has registered these functions with it. */
export async function rig(declare: Declare, options?: Partial<EngineOptions>) {
  const { url, rows } = await ownDatabase();
  const engine = await ownEngine(url, options);
  const client = testClient(engine.url);
  const worker = await startWorker(client, declare(client));
  atEnd(() => worker.crash());
  const registered = await worker.register();
  return { databaseUrl: url, rows, engine, client, worker, registered };
}
