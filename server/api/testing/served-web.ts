import { afterAll } from 'vitest';
import { openListener, type Listener } from '../../db/listen.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { serve, type Served } from './serve.ts';
import { testWeb } from './test-web.ts';

const closing: (() => Promise<void>)[] = [];

// Registered after the database's own: hooks of the end run backwards, so the server is gone before its database.
afterAll(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

type ServedWeb = { tested: TestDatabase; listener: Listener; served: Served };

/** The web server on loopback over a database of the calling test file's own; both go when the file is done. */
export async function servedWeb(): Promise<ServedWeb> {
  const tested = await testDatabase();
  const listener = openListener(tested.appUrl);
  closing.push(() => listener.close());
  await listener.ready;
  const served = await serve((publicUrl) => testWeb({ database: tested.database, listener, publicUrl }));
  closing.push(() => served.close());
  return { tested, listener, served };
}
