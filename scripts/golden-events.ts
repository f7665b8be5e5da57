import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hex } from '../server/domain/audit/bytes.ts';
import { canonicalBytes, fromCanonicalBytes } from '../server/domain/audit/canonical.ts';
import { nodeHashing } from '../server/domain/audit/node-hashing.ts';
import { goldenFolder, goldenList, kindsOfLogs, readGolden } from '../server/testing/golden-events.ts';
import { samplePayload } from '../server/domain/events/testing/sample-payload.ts';
import { traitsIn, traitsOf } from '../server/domain/events/testing/shapes.ts';

// npm run golden            writes stored payloads for kinds, fields and words of events that none has yet
//
// What is there is never written again: server/domain/events/golden is only ever added to.

const mostOfAKind = 60;

for (const log of Object.keys(kindsOfLogs)) mkdirSync(join(goldenFolder, log), { recursive: true });
const kept = readGolden();

for (const [log, kinds] of Object.entries(kindsOfLogs)) {
  for (const [kind, schema] of Object.entries(kinds)) {
    const mine = kept.filter((golden) => golden.log === log && golden.kind === kind);
    const seen = new Set(mine.flatMap(({ bytes }) => traitsIn(schema, fromCanonicalBytes(bytes))));
    const lacks = () => mine.length === 0 || traitsOf(schema).some((trait) => !seen.has(trait));
    let count = mine.length;
    for (let n = 0; n < mostOfAKind && (lacks() || count === 0); n++) {
      const payload = samplePayload(schema, n);
      const traits = traitsIn(schema, payload);
      if (count > 0 && traits.every((trait) => seen.has(trait))) continue;
      schema.parse(payload);
      for (const trait of traits) seen.add(trait);
      count += 1;
      write(`${log}/${kind}.${count}.json`, canonicalBytes(payload));
      if (traitsOf(schema).every((trait) => seen.has(trait))) break;
    }
    const missing = traitsOf(schema).filter((trait) => !seen.has(trait));
    if (missing.length > 0) throw new Error(`no sample of ${kind} has ${missing.join(', ')}: write one by hand`);
  }
}

function write(file: string, bytes: Uint8Array): void {
  writeFileSync(join(goldenFolder, file), bytes, { flag: 'wx' });
  appendFileSync(join(goldenFolder, goldenList), `${hex(nodeHashing.sha256(bytes))}  ${file}\n`);
  process.stdout.write(`${file}\n`);
}
