import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../src/http/app.js';

test('the user list is an array', () => {
  const { status, body } = answer('GET', '/users');
  assert.equal(status, 200);
  assert.ok(Array.isArray(body));
});

test('the newest member comes first', () => {
  const { body } = answer('GET', '/users');
  assert.equal(body[0].id, 'm045');
});

test('one member is found by id', () => {
  const { status, body } = answer('GET', '/users/m007');
  assert.equal(status, 200);
  assert.equal(body.name, 'Member 007');
});

test('an unknown member is 404', () => {
  const { status, body } = answer('GET', '/users/m999');
  assert.equal(status, 404);
  assert.equal(body.error, 'unknown_user');
});

test('writing is not supported', () => {
  assert.equal(answer('POST', '/users').status, 405);
});
