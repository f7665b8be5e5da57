import { expect, it } from 'vitest';
import { noneAdded } from '../scope/own-classes.ts';
import { policyDocument } from './document.ts';
import { tryCases } from './try-cases.ts';

const money = { id: 'ask-money', on: 'write', paths: ['@money'], then: 'ask' };
const policy = (...cases: object[]) => policyDocument.parse({ preset: 'balanced', limits: [money], cases });
const failed = (...of: Parameters<typeof tryCases>) => tryCases(...of).map(({ words }) => words);

it('a case is judged by Fleet’s own patterns of classes, and by what a repo adds to them', () => {
  const shop = policy({ write: 'src/shop/cart.js', is: 'ask' }, { write: 'src/billing/invoice.js', is: 'ask' });
  expect(failed(shop)).toEqual(['write: src/shop/cart.js should be ask']);
  const classes = { ...noneAdded, '@money': ['src/shop/**'] };
  expect(failed(shop, { classes })).toEqual([]);
  const repo = policyDocument.parse({ cases: shop.cases });
  expect(failed(repo, { org: policy() })).toEqual(['write: src/shop/cart.js should be ask']);
  expect(failed(repo, { org: policy(), classes })).toEqual([]);
});

it('a case may say that its file is in a class, for itself alone', () => {
  const named = policy(
    { write: 'src/x.js', in: '@money', is: 'ask' },
    { write: 'src/x.js', is: 'allow' },
    { write: 'src/y.js', in: '@auth', is: 'allow' },
  );
  expect(failed(named)).toEqual([]);
  const wrong = policy({ write: 'src/x.js', in: '@money', is: 'allow' });
  expect(failed(wrong)).toEqual(['write: src/x.js in @money should be allow']);
});

it('what a class is said to have can only refuse more, as in a run', () => {
  const opens = policyDocument.parse({
    limits: [{ id: 'no-src', on: 'write', paths: ['src/**'], except: ['@money'], then: 'deny' }],
    cases: [{ write: 'src/x.js', in: '@money', is: 'deny' }],
  });
  expect(failed(opens)).toEqual([]);
});
