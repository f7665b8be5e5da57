import { pino } from 'pino';
import { processConfig, requireConfig } from '../../server/config/config.ts';
import { AppError } from '../../server/domain/errors.ts';
import { startEngine } from './engine.ts';
import type { Engine } from './engine.ts';

// The engine's process. Private to the machine: it listens on loopback, whatever the installation listens on.
const log = pino({ name: 'engine' });
let engine: Engine | null = null;
let asked = false;

async function stop(): Promise<void> {
  asked = true;
  // Not up yet: the start sees that it was asked to stop, and stops.
  if (engine === null) return;
  log.info('stopping');
  await engine.close();
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.once('disconnect', () => void stop());

try {
  const config = requireConfig(processConfig(), [
    'engineDatabaseUrl',
    'enginePort',
    'inngestEventKey',
    'inngestSigningKey',
  ]);
  engine = await startEngine({
    databaseUrl: config.engineDatabaseUrl,
    host: '127.0.0.1',
    port: config.enginePort,
    eventKey: config.inngestEventKey,
    signingKey: config.inngestSigningKey,
    log,
    now: () => new Date(),
    random: Math.random,
  });
  log.info({ url: engine.url }, 'listening');
  if (asked) await stop();
  const reason = await engine.failed;
  log.fatal({ error: reason.message }, 'the engine cannot go on');
} catch (error) {
  log.fatal({ error: error instanceof AppError ? error.message : String(error) }, 'the engine did not start');
}
process.exit(1);
