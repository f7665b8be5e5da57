import { makeRedactor } from '../../server/domain/redaction/redactor.ts';
import { benignLine } from '../../server/domain/redaction/testing/benign-lines.ts';
import { drawing, encodings, sampleSecrets } from '../../server/domain/redaction/testing/sample-secrets.ts';
import type { FigureRow } from '../figures.ts';

const lines = 1_000_000;
const seed = 20_261_128;

const redactor = makeRedactor();

/** Innocent lines that would be changed, and how fast they were looked at. */
function falselyFound() {
  const draw = drawing(seed);
  let found = 0;
  let bytes = 0;
  let millis = 0;
  for (let n = 0; n < lines; n += 1) {
    const line = benignLine(draw);
    bytes += line.length;
    const began = performance.now();
    if (redactor.find(line).length > 0) found += 1;
    millis += performance.now() - began;
  }
  return { share: found / lines, megabytesPerSecond: bytes / 1_000 / millis };
}

/** Every sample under every encoding and every two, and those that were not found. */
function missed() {
  const ways = [(text: string) => text, ...Object.values(encodings)];
  let tried = 0;
  let left = 0;
  for (const [, secret] of sampleSecrets(drawing(seed))) {
    for (const outer of ways) {
      for (const inner of ways) {
        tried += 1;
        if (redactor.find(outer(inner(secret))).length === 0) left += 1;
      }
    }
  }
  return { tried, left };
}

export const redactRow: FigureRow = {
  name: 'redact',
  work: 'secrets looked for in innocent lines, and in samples under up to two encodings',
  async measure() {
    const { share, megabytesPerSecond } = falselyFound();
    const { tried, left } = missed();
    return {
      row: 'redact',
      seed,
      figures: [
        { name: 'innocent lines', value: `${lines}, at ${megabytesPerSecond.toFixed(1)} MB/s` },
        { name: 'samples, encodings and all', value: String(tried) },
      ],
      targets: [
        { what: 'share of innocent lines changed', value: share, limit: 0.001, met: share <= 0.001 },
        { what: 'samples that were missed', value: left, limit: 0, met: left === 0 },
      ],
    };
  },
};
