import { installationKeys } from '../adapters/audit/installation-keys.ts';
import { systemClock } from '../adapters/clock/system-clock.ts';
import { aesSecretBox } from '../adapters/secrets/secret-box.ts';
import type { Database } from '../db/connect.ts';
import type { AuditKeys } from '../domain/ports/audit-keys.ts';

/** The keys of a test's database, under the master key that worker processes of tests are given. */
export function testAuditKeys({ system }: Database, masterKey = 'ab'.repeat(32)): AuditKeys {
  return installationKeys({ table: system.auditKey, secretBox: aesSecretBox(masterKey), clock: systemClock });
}
