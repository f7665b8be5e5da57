import { openWeb } from '../../../server/api/open-web.ts';

export const dynamic = 'force-dynamic';

/** 200 while the database answers, else 503. Says nothing else: it is open to everyone. */
export async function GET(): Promise<Response> {
  const web = openWeb();
  try {
    await web.database.system.installation.findUnique({ where: { id: 1 } });
    return Response.json({ ok: true });
  } catch (error) {
    web.report(error, 'health');
    return Response.json({ ok: false, why: 'The database does not answer.' }, { status: 503 });
  }
}
