import path from 'node:path';
import { z } from 'zod';

/** What the operator decides about the logs of all orgs. */
export const auditEnvironment = {
  FLEET_RECORD_DAYS: z.coerce
    .number('must be a number of days')
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(36_500, 'must be at most 36500')
    .default(365),
  FLEET_HEADS_DIR: z.string().nullable().default(null),
};

export type AuditConfig = {
  /** For how many days every org keeps its records of what was done at least. */
  recordDays: number;
  /** A folder, absolute, where each org's signed heads are kept in a file; null: nowhere. */
  headsDir: string | null;
};
type Read = z.infer<z.ZodObject<typeof auditEnvironment>>;

export function auditConfig({ FLEET_RECORD_DAYS: recordDays, FLEET_HEADS_DIR: dir }: Read): AuditConfig {
  return { recordDays, headsDir: dir === null ? null : path.resolve(dir) };
}

/** The same for a process that this one starts. */
export function auditVariables({ recordDays, headsDir }: AuditConfig): Record<string, string> {
  return { FLEET_RECORD_DAYS: String(recordDays), ...(headsDir !== null && { FLEET_HEADS_DIR: headsDir }) };
}
