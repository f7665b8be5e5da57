import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { ApprovalSubject } from './subject.ts';

/** SHA-256 over the RFC 8785 bytes of a subject, in hex: what a decision is bound to. */
export function subjectDigest(subject: ApprovalSubject): string {
  return createHash('sha256')
    .update(canonicalize(subject) ?? '')
    .digest('hex');
}
