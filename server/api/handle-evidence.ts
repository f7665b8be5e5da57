import { z } from 'zod';
import { makeEvidence } from '../services/audit/evidence/make-evidence.ts';
import { answerDownload } from './answer-download.ts';
import type { Web } from './web.ts';

const id = z.string().min(1).max(64);
const time = z.string().min(1).max(40);

const asked = z.discriminatedUnion('what', [
  z.object({ what: z.literal('change'), id }),
  z.object({ what: z.literal('run'), id }),
  z.object({ what: z.literal('period'), after: time, before: time }),
]);

/** Answers POST /api/orgs/ORG/evidence: the evidence of a change, a run or a period in one file. */
export function handleEvidence(request: Request, web: Web, slug: string): Promise<Response> {
  return answerDownload({ request, web, slug, fields: asked }, async (who, of) => {
    const { name, bytes } = await makeEvidence({ ...who, database: web.database, auditKeys: web.auditKeys }, of);
    return { filename: `${slug}-evidence-${name}.zip`, type: 'application/zip', parts: bytes };
  });
}
