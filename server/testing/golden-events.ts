import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { orgEvents } from '../domain/events/org-events.ts';
import { runEvents } from '../domain/events/run-events.ts';

/** Every kind of event by the log that it stands in. */
export const kindsOfLogs: Record<string, Record<string, z.ZodType>> = { org: orgEvents, run: runEvents };

export const goldenFolder = join(import.meta.dirname, '..', 'domain', 'events', 'golden');
/** `sha256sum --check` reads it too. */
export const goldenList = 'SHA256SUMS';

/** A payload as it was stored: `bytes` are what was hashed. */
export type Golden = { file: string; log: string; kind: string; bytes: Uint8Array };

export function readGolden(): Golden[] {
  return Object.keys(kindsOfLogs).flatMap((log) =>
    readdirSync(join(goldenFolder, log))
      .sort()
      .map((name) => {
        const kind = name.replace(/\.\d+\.json$/, '');
        return { file: `${log}/${name}`, log, kind, bytes: readFileSync(join(goldenFolder, log, name)) };
      }),
  );
}

/** Which file has which SHA-256. */
export function readGoldenList(): Map<string, string> {
  const lines = readFileSync(join(goldenFolder, goldenList), 'utf8').split('\n');
  return new Map(lines.filter(Boolean).map((line) => [line.slice(66), line.slice(0, 64)]));
}
