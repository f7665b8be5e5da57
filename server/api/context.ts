import { keyHolder, keyIn, type KeyHolder } from '../auth/api-key.ts';
import { isOwnOrigin } from '../auth/origin.ts';
import { sessionFromHeaders } from '../auth/session.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { RateStanding } from '../domain/authz/rate-limits.ts';
import type { Web } from './web.ts';

/** What a procedure starts from: the process's parts and who asks. Rights are read per request, never carried here. */
export type Context = {
  web: Web;
  viewer: Viewer | null;
  /** A request with a key speaks for its service account and for nobody else, whatever cookie it carries. */
  key: KeyHolder | null;
  /** The request came from one of Fleet's own pages: what a mutation demands. */
  ownOrigin: boolean;
  /** Where the caller stands with the rate limits, for the answer's header; set by the procedures. */
  rate: { standing: RateStanding | null; passed: boolean };
};

export async function contextOf(web: Web, headers: Headers): Promise<Context> {
  const { publicUrl } = web.settings;
  const now = web.clock.now();
  const rate = { standing: null, passed: false };
  const given = keyIn(headers);
  if (given !== 'none') {
    const key = given === 'bad' ? null : await keyHolder(web.database, given.key, now);
    return { web, viewer: null, key, ownOrigin: false, rate };
  }
  const viewer = await sessionFromHeaders(web.database.system, headers, { publicUrl, now });
  return { web, viewer, key: null, ownOrigin: isOwnOrigin(headers, publicUrl), rate };
}
