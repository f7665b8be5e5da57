import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hex } from '../audit/bytes.ts';
import { canonicalBytes, fromCanonicalBytes } from '../audit/canonical.ts';
import { nodeHashing } from '../audit/node-hashing.ts';
import { kindsOfLogs, readGolden, readGoldenList } from '../../testing/golden-events.ts';
import { traitsIn, traitsOf } from './testing/shapes.ts';

// An event that was ever stored must be read for ever. server/domain/events/golden has payloads as they were stored; nothing in it is
// changed or taken away, which `npm run check` asks git about. What fails here is to be mended in the schema.

const golden = readGolden();
const list = readGoldenList();
const kinds = Object.entries(kindsOfLogs).flatMap(([log, all]) =>
  Object.entries(all).map(([kind, schema]) => ({ log, kind, schema })),
);
const advice = 'No stored payload shows this. `npm run golden` writes one; add it, and change none that is there';

describe('a payload that was stored once', () => {
  it.each(golden)(
    '$file is read, loses nothing, and has the bytes and the hash of then',
    ({ file, log, kind, bytes }) => {
      expect(hex(nodeHashing.sha256(bytes))).toBe(list.get(file));
      const payload = fromCanonicalBytes(bytes);
      expect(Buffer.from(canonicalBytes(payload)).equals(bytes)).toBe(true);
      expect(kindsOfLogs[log]?.[kind]?.parse(payload)).toMatchObject(payload as object);
    },
  );

  it('is in the list, and what is in the list is there', () => {
    expect([...list.keys()].sort()).toEqual(golden.map(({ file }) => file).sort());
  });
});

describe('every kind of event', () => {
  it.each(kinds)(
    '$log $kind has a stored payload for each field and each word that it can have',
    ({ log, kind, schema }) => {
      const mine = golden.filter((each) => each.log === log && each.kind === kind);
      const seen = new Set(mine.flatMap(({ bytes }) => traitsIn(schema, fromCanonicalBytes(bytes))));
      expect(mine.length, advice).toBeGreaterThan(0);
      expect(
        traitsOf(schema).filter((trait) => !seen.has(trait)),
        advice,
      ).toEqual([]);
    },
  );

  it.each(Object.keys(kindsOfLogs))('of the log of the %s has a file of its own', (log) => {
    const files = readdirSync(join(import.meta.dirname, 'kinds', log)).sort();
    const names = Object.keys(kindsOfLogs[log] ?? {}).map((kind) => `${kind.replaceAll('.', '-')}.ts`);
    expect(files).toEqual(names.sort());
  });
});
