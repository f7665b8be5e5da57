/**
 * The edits of the sample task, word for word. Each old text stands exactly once at its moment and no longer once it is
 * applied: an edit that a crash cut off can be called again, and then either applies or finds nothing.
 */
export const storeNaive = {
  path: 'src/store/users.js',
  old_text: `/** Every member, newest first. */
export function listUsers() {
  return newestFirst;
}`,
  new_text: `/** One page of members, newest first. */
export function listUsers({ page = 1, pageSize = 20 } = {}) {
  return newestFirst.slice((page - 1) * pageSize, page * pageSize);
}`,
};

export const routeNaive = {
  path: 'src/routes/users.js',
  old_text: `export function listRoute() {
  return { body: listUsers() };
}`,
  new_text: `export function listRoute({ query }) {
  const page = Number(query.get('page') ?? 1);
  const pageSize = Number(query.get('pageSize') ?? 20);
  return { body: listUsers({ page, pageSize }) };
}`,
};

export const pagingTests = {
  path: 'test/users-paging.test.js',
  content: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../src/http/app.js';

const ids = (target) => answer('GET', target).body.map((user) => user.id);

test('the first page holds 20', () => assert.equal(ids('/users').length, 20));
test('the last page holds the rest', () => assert.equal(ids('/users?page=3').length, 5));
test('pages do not overlap', () => {
  const second = ids('/users?page=2');
  assert.equal(new Set(second).size, second.length);
});
`,
};

export const storePaged = {
  path: 'src/store/users.js',
  old_text: storeNaive.new_text,
  new_text: `${storeNaive.old_text}

/** One page of members, newest first; \`page\` counts from 1, \`total\` is how many there are. */
export function pageUsers({ page, pageSize }) {
  const users = listUsers();
  return { items: users.slice((page - 1) * pageSize, page * pageSize), total: users.length };
}`,
};

export const routeImport = {
  path: 'src/routes/users.js',
  old_text: `import { findUser, listUsers } from '../store/users.js';`,
  new_text: `import { findUser, pageUsers } from '../store/users.js';`,
};

export const routePaged = {
  path: 'src/routes/users.js',
  old_text: `  return { body: listUsers({ page, pageSize }) };`,
  new_text: `  const { items, total } = pageUsers({ page, pageSize });
  return { headers: { 'x-total-count': String(total) }, body: items };`,
};

export const docsPaged = {
  path: 'docs/api.md',
  old_text: `Answers an array of all members, newest first.`,
  new_text: `Answers one page of members as an array, newest first. \`page\` counts from 1, \`pageSize\` is 20 when left out.
The header \`x-total-count\` says how many members there are.`,
};

export const routeChecked = {
  path: 'src/routes/users.js',
  old_text: `  const page = Number(query.get('page') ?? 1);
  const pageSize = Number(query.get('pageSize') ?? 20);`,
  new_text: `  const page = wholeNumber(query, 'page', 1, 1_000_000);
  const pageSize = wholeNumber(query, 'pageSize', 20, 100);`,
};

export const wholeNumber = {
  path: 'src/routes/users.js',
  old_text: `users.js';

/** GET /users */`,
  new_text: `users.js';

function wholeNumber(query, name, fallback, max) {
  const text = query.get(name) ?? String(fallback);
  const value = /^\\d+$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw new HttpError(400, 'invalid_query', \`\${name} is a whole number from 1 to \${max}\`);
  return value;
}

/** GET /users */`,
};

export const strictTests = {
  path: 'test/users-paging.test.js',
  old_text: `.length, 5));
test('pages do not overlap'`,
  new_text: `.length, 5));
const status = (target) => answer('GET', target).status;
test('page 0 is refused', () => assert.equal(status('/users?page=0'), 400));
test('a negative page is refused', () => assert.equal(status('/users?page=-1'), 400));
test('a page that is no number is refused', () => assert.equal(status('/users?page=two'), 400));
test('more than 100 a page is refused', () => assert.equal(status('/users?pageSize=100000'), 400));
test('the refusal has its code', () => assert.equal(answer('GET', '/users?page=0').body.error, 'invalid_query'));
test('a header counts every member', () => assert.equal(answer('GET', '/users').headers['x-total-count'], '45'));
test('pages do not overlap'`,
};

export const docsChecked = {
  path: 'docs/api.md',
  old_text: `there are.

## GET /users/:id`,
  new_text: `there are.
A value that is no whole number from 1, or a \`pageSize\` above 100, is answered with 400 \`invalid_query\`.

## GET /users/:id`,
};
