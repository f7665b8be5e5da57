import { HttpError } from '../http/errors.js';
import { findUser, listUsers } from '../store/users.js';

/** GET /users */
export function listRoute() {
  return { body: listUsers() };
}

/** GET /users/:id */
export function showRoute({ params }) {
  const user = findUser(params.id);
  if (!user) throw new HttpError(404, 'unknown_user', `No member ${params.id}`);
  return { body: user };
}
