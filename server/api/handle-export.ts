import { z } from 'zod';
import { exportForms, exportLog } from '../services/audit/export-log.ts';
import { answerDownload } from './answer-download.ts';
import type { Web } from './web.ts';

const place = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

const asked = z.object({
  form: z.enum(exportForms).default('jsonl'),
  filter: z.string().max(1000).default(''),
  size: place.optional(),
  from: place.optional(),
});

const types = { jsonl: 'application/jsonl; charset=utf-8', csv: 'text/csv; charset=utf-8' };

/** Answers POST /api/orgs/ORG/export: the audit log, or what passes a filter of it. */
export function handleExport(request: Request, web: Web, slug: string): Promise<Response> {
  return answerDownload({ request, web, slug, fields: asked }, async (who, { form, filter, size, from }) => {
    const deps = { ...who, database: web.database, auditKeys: web.auditKeys };
    const resume = size === undefined || from === undefined ? undefined : { size, from };
    const exporting = await exportLog(deps, { form, filter, resume });
    return {
      filename: `${slug}-audit-${exporting.size}.${form}`,
      type: types[form],
      headers: { 'fleet-export-size': String(exporting.size) },
      parts: exporting.pages,
    };
  });
}
