import { isOwnOrigin } from '../auth/origin.ts';
import { sessionFromHeaders } from '../auth/session.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { Web } from './web.ts';

/** What a procedure starts from: the process's parts and who asks. Rights are read per request, never carried here. */
export type Context = {
  web: Web;
  viewer: Viewer | null;
  /** The request came from one of Fleet's own pages: what a mutation demands. */
  ownOrigin: boolean;
};

export async function contextOf(web: Web, headers: Headers): Promise<Context> {
  const { publicUrl } = web.settings;
  return {
    web,
    viewer: await sessionFromHeaders(web.database.system, headers, { publicUrl, now: web.clock.now() }),
    ownOrigin: isOwnOrigin(headers, publicUrl),
  };
}
