import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../src/http/app.js';

test('the signup report is ordered by month', () => {
  const { status, body } = answer('GET', '/reports/signups');
  assert.equal(status, 200);
  const months = body.map((row) => row.month);
  assert.deepEqual(months, months.toSorted());
});

test('the signup report counts every member', () => {
  const { body } = answer('GET', '/reports/signups');
  const members = body.reduce((sum, row) => sum + row.members, 0);
  assert.equal(members, 45);
});
