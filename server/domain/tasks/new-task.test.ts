import { describe, expect, it } from 'vitest';
import { taskBudget } from './new-task.ts';

const free = { seconds: null, micros: null };

describe('the budget of a new task', () => {
  it.each([
    [undefined, free, { seconds: 3_600, micros: 10_000_000 }],
    [undefined, { seconds: 600, micros: 2_000_000 }, { seconds: 600, micros: 2_000_000 }],
    [{ seconds: 7_200, micros: 50_000_000 }, free, { seconds: 7_200, micros: 50_000_000 }],
  ])('%j under the rule %j is %j', (asked, rule, budget) => {
    expect(taskBudget(asked, rule)).toEqual(budget);
  });

  it.each([
    [{ seconds: 3_600, micros: -1 }, free, /negative/],
    [{ seconds: 3_600, micros: 0 }, free, /zero/],
    [{ seconds: 3_600, micros: 1e15 }, free, /more than \$1000000/],
    [{ seconds: 59, micros: 1_000_000 }, free, /at least 1 minute/],
    [{ seconds: 60, micros: 99_999 }, free, /at least \$0\.10/],
    [{ seconds: 61.5, micros: 1_000_000 }, free, /whole/],
    [{ seconds: 3_600, micros: 3_000_000 }, { seconds: null, micros: 2_000_000 }, /at most \$2\.00/],
    [{ seconds: 3_600, micros: 1_000_000 }, { seconds: 600, micros: null }, /at most 10 minutes/],
  ])('%j under the rule %j is refused', (asked, rule, why) => {
    expect(() => taskBudget(asked, rule)).toThrow(why);
  });
});
