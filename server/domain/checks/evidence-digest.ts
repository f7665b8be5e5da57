import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { CheckEvidence } from './evidence.ts';

/** SHA-256 over the RFC 8785 bytes of the evidence, in hex: what the org's stream keeps of it. */
export function evidenceDigest(evidence: CheckEvidence): string {
  return createHash('sha256')
    .update(canonicalize(evidence) ?? '')
    .digest('hex');
}
