import type { Blobs } from '../ports/blobs.ts';
import type { Redactor } from './redactor.ts';

/** Outputs that are kept whole, with the secrets taken out of those that are text. */
export function redactedBlobs(blobs: Blobs, redactor: Redactor): Blobs {
  return {
    get: (id) => blobs.get(id),
    put(bytes) {
      const text = textOf(bytes);
      if (text === null) return blobs.put(bytes);
      const redacted = redactor.redact(text);
      return blobs.put(redacted === text ? bytes : new TextEncoder().encode(redacted));
    },
  };
}

/** Null for what is no text, such as a picture. Broken characters do not make an output anything else. */
function textOf(bytes: Uint8Array): string | null {
  return bytes.subarray(0, 8192).includes(0) ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
