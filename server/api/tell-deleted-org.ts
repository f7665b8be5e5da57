import { AppError } from '../domain/errors.ts';
import { getDeletedOrg } from '../services/orgs/get-deleted-org.ts';
import type { Web } from './web.ts';

/** Answers with what is left of a deleted org; with 404 alike for one that is there and one that never was. */
export async function tellDeletedOrg(
  { database: { system }, auditKeys, report }: Web,
  asked: { org: string },
): Promise<Response> {
  try {
    return Response.json(await getDeletedOrg({ system, auditKeys }, asked));
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') {
      return Response.json({ why: error.message }, { status: 404 });
    }
    report(error, 'a deleted org');
    return Response.json({ why: 'This cannot be read now.' }, { status: 503 });
  }
}
