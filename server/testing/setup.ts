import { afterEach, beforeEach, expect, vi } from 'vitest';

/** A test that prints an error has failed, whatever it asserted. */
beforeEach(() => {
  vi.spyOn(console, 'error');
});

afterEach(() => {
  const printed = vi.mocked(console.error).mock.calls;
  vi.restoreAllMocks();
  expect(printed, 'console.error was called').toEqual([]);
});
