import { expect, test } from 'vitest';
import { tellingTests, testSays, type NewTest } from './test-says.ts';

const newTest = (onBase: NewTest['onBase'], onHead: NewTest['onHead']): NewTest => ({
  name: 't',
  file: null,
  onBase,
  onHead,
});

test('only a test that fails on the base and passes on the head shows the change', () => {
  expect(testSays(newTest('failed', 'passed')).words).toBe('shows the change');
  expect(testSays(newTest('passed', 'passed')).words).toBe('says nothing about this change');
  expect(testSays(newTest('not_run', 'passed')).words).toBe('not known on the base');
  expect(testSays(newTest('failed', 'skipped')).tone).toBe('bad');
  expect(tellingTests([newTest('failed', 'passed'), newTest('passed', 'passed'), newTest('failed', 'failed')])).toBe(1);
});
