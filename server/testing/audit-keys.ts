import { installationKeys } from '../adapters/audit/installation-keys.ts';
import { systemClock } from '../adapters/clock/system-clock.ts';
import type { Database } from '../db/connect.ts';
import type { AuditKeys } from '../domain/ports/audit-keys.ts';
import { testSecretBoxes } from './secret-boxes.ts';

/** The keys of a test's database, under the master key that worker processes of tests are given. */
export function testAuditKeys(database: Database, masterKey?: string): AuditKeys {
  const boxes = testSecretBoxes(database, masterKey);
  return installationKeys({ table: database.system.auditKey, secretBoxes: boxes, clock: systemClock });
}
