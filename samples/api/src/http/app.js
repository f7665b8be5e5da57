import { HttpError } from './errors.js';
import { signupReport } from '../routes/reports.js';
import { listRoute, showRoute } from '../routes/users.js';

const routes = [
  [/^\/users$/, listRoute],
  [/^\/users\/(?<id>[a-z0-9]+)$/, showRoute],
  [/^\/reports\/signups$/, signupReport],
];

/** Answers one request without a port: `{ status, headers, body }`, where `body` becomes JSON. */
export function answer(method, target) {
  const url = new URL(target, 'http://localhost');
  try {
    if (method !== 'GET') throw new HttpError(405, 'method_not_allowed', `${method} is not supported`);
    for (const [pattern, handle] of routes) {
      const match = pattern.exec(url.pathname);
      if (match) return { status: 200, headers: {}, ...handle({ params: match.groups, query: url.searchParams }) };
    }
    throw new HttpError(404, 'not_found', `Nothing at ${url.pathname}`);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return { status: error.status, headers: {}, body: { error: error.code, message: error.message } };
  }
}
