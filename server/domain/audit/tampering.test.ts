import { describe, expect, test } from 'vitest';
import { hex } from './bytes.ts';
import { plainHashing } from './plain-hashing.ts';
import type { ExportedLine } from './exported-log.ts';
import type { LogProblem } from './log-checker.ts';
import {
  at,
  bent,
  check,
  cutAt,
  edit,
  erased,
  eventAt,
  headAt,
  isEvent,
  kept,
  key,
  log,
  made,
  other,
  put,
  reheaded,
  renumbered,
  rewritten,
  rootOf,
  withAdded,
  withEnd,
  without,
} from './testing/sample-log.ts';
import type { Check, Event } from './testing/sample-log.ts';

describe('what was done to a log is found, and where', () => {
  type Where = Pick<LogProblem, 'tampering' | 'stream' | 'seq'>;
  const found = (tampering: Where['tampering'], stream: string | null = null, seq: number | null = null) =>
    ({ tampering, stream, seq }) as Where;
  const swapped = edit('str_a', 2, { payload: eventAt('str_a', 3).payload, salt: eventAt('str_a', 3).salt });
  const cases: [string, ExportedLine[], Where, Check?][] = [
    ['a payload edited', edit('str_a', 2, { payload: '{"text":"x"}' }), found('payload-changed', 'str_a', 2)],
    [
      'a payload edited in its spaces only',
      edit('str_a', 2, { payload: '{"text": "a2"}' }),
      found('payload-changed', 'str_a', 2),
    ],
    ['a salt edited', edit('str_a', 2, { salt: '00'.repeat(16) }), found('payload-changed', 'str_a', 2)],
    ['two payloads swapped', swapped, found('payload-changed', 'str_a', 2)],
    [
      'a time edited beside the header',
      edit('str_b', 1, { at: '2020-01-01T00:00:00.000Z' }),
      found('copy-changed', 'str_b', 1),
    ],
    ['a kind edited beside the header', edit('str_b', 1, { kind: 'x' }), found('copy-changed', 'str_b', 1)],
    [
      'a time edited',
      edit('str_b', 1, { header: eventAt('str_b', 1).header.replace('2026', '2025') }),
      found('header-changed', 'str_b', 1),
    ],
    [
      'an actor edited',
      edit('str_b', 1, { header: eventAt('str_b', 1).header.replace('"test"', '"you"') }),
      found('header-changed', 'str_b', 1),
    ],
    [
      'an actor edited, with a hash that fits',
      reheaded('str_b', 1, (text) => text.replace('"test"', '"you"')),
      found('unlinked', 'str_b', 2),
    ],
    [
      'the same in the last event of a stream',
      reheaded('str_c', 2, (text) => text.replace('"test"', '"you"')),
      found('root-differs', 'str_a', 4),
    ],
    [
      'a space in a header',
      reheaded('str_a', 3, (text) => text.replace(':', ': ')),
      found('header-foreign', 'str_a', 3),
    ],
    [
      'the keys of a header in another order',
      reheaded('str_a', 3, (text) => `{"v":1,${text.slice(1).replace(',"v":1', '')}`),
      found('header-foreign', 'str_a', 3),
    ],
    [
      'a number in another form',
      reheaded('str_a', 3, (text) => text.replace('"seq":3', '"seq":3.0')),
      found('header-foreign', 'str_a', 3),
    ],
    [
      'a letter escaped',
      reheaded('str_a', 3, (text) => text.replace('"test"', '"t\\u0065st"')),
      found('header-foreign', 'str_a', 3),
    ],
    [
      'a field more in a header',
      reheaded('str_a', 3, (text) => text.replace('"v":1', '"v":1,"x":1')),
      found('header-foreign', 'str_a', 3),
    ],
    [
      'a key twice in a header',
      reheaded('str_a', 3, (text) => text.replace('"seq":3', '"seq":9,"seq":3')),
      found('header-foreign', 'str_a', 3),
    ],
    ['an event deleted', log.toSpliced(at('str_a', 2), 1), found('missing', 'str_a', 2)],
    [
      'an event deleted and the leaves numbered anew',
      withEnd(renumbered(log.toSpliced(at('str_a', 2), 1))),
      found('missing', 'str_a', 2),
    ],
    [
      'the tail of a stream deleted',
      without((line) => isEvent(line) && line.stream === 'str_a' && line.seq > 3),
      found('leaves-missing', 'str_c', 1),
    ],
    [
      'a run deleted, and its stream still listed',
      withEnd(without((line) => isEvent(line) && line.stream === 'str_c')),
      found('leaves-missing', 'str_a', 4),
    ],
    [
      'a run deleted with every trace',
      withEnd(renumbered(without((line) => 'stream' in line && line.stream === 'str_c'))),
      found('leaves-missing', 'str_a', 4),
    ],
    ['an event twice', log.toSpliced(at('str_a', 2), 0, eventAt('str_a', 2)), found('repeated', 'str_a', 2)],
    [
      'two events swapped',
      put(eventAt('str_a', 3), 'str_a', 2).with(at('str_a', 3), eventAt('str_a', 2)),
      found('missing', 'str_a', 2),
    ],
    [
      'two events swapped under each other’s numbers',
      edit('str_a', 2, { ...eventAt('str_a', 3), seq: 2, leaf: 1 }).with(at('str_a', 3), {
        ...eventAt('str_a', 2),
        seq: 3,
        leaf: 2,
      }),
      found('misplaced', 'str_a', 2),
    ],
    [
      'an event inserted',
      renumbered(log.toSpliced(at('str_a', 2), 0, { ...eventAt('str_c', 1), stream: 'str_a', seq: 2 })),
      found('misplaced', 'str_a', 2),
    ],
    [
      'an event of another stream',
      edit('str_b', 2, { ...eventAt('str_a', 2), stream: 'str_b', leaf: 4 }),
      found('misplaced', 'str_b', 2),
    ],
    [
      'an event of another org',
      put(made({ org: 'org_2' })[at('str_b', 2)] as Event, 'str_b', 2),
      found('misplaced', 'str_b', 2),
    ],
    ['an event added at the end of a stream', withAdded(), found('beyond-end', 'str_a', 7)],
    [
      'events of two streams in another order',
      renumbered(log.toSpliced(at('str_a', 3), 2, eventAt('str_b', 1), eventAt('str_a', 3))),
      found('root-differs', 'str_a', 1),
    ],
    ['a chain written anew from an event on, with a stolen database', rewritten(), found('root-differs', 'str_a', 4)],
    [
      'the same with heads signed by a thief’s own key',
      made({ by: other, change: { a5: 'x' } }),
      found('head-key-unknown', 'str_a', 1),
    ],
    [
      'a signature bent',
      log.with(log.indexOf(headAt(1)), { type: 'head', note: bent(headAt(1).note) }),
      found('head-forged', 'str_a', 4),
    ],
    [
      'a signed size bent',
      log.with(log.indexOf(headAt(1)), { type: 'head', note: headAt(1).note.replace('\n9\n', '\n8\n') }),
      found('head-forged', 'str_a', 4),
    ],
    [
      'an old head in place of a new one',
      log.with(log.indexOf(headAt(2)), headAt(0)),
      found('head-misplaced', 'str_b', 3),
    ],
    [
      'a head of another org',
      log.with(log.indexOf(headAt(2)), { type: 'head', note: key.note('org_2', { size: 12, root: rootOf(2) }) }),
      found('head-of-another-log', 'str_b', 3),
    ],
    [
      'a head that is none',
      log.with(log.indexOf(headAt(2)), { type: 'head', note: 'trust me' }),
      found('head-unreadable', 'str_b', 3),
    ],
    ['heads taken away', without((line) => line === headAt(2)), found('unsigned', 'str_b', 3)],
    ['all heads taken away', without(({ type }) => type === 'head'), found('unsigned', 'str_a', 1)],
    [
      'a stream no longer listed',
      withEnd(without((line) => line.type === 'stream' && line.stream === 'str_c')),
      found('stream-unlisted', 'str_c', 1),
    ],
    [
      'a payload erased without a tombstone',
      edit('str_b', 1, { payload: '', salt: '' }),
      found('payload-erased', 'str_b', 1),
    ],
    [
      'a tombstone signed by a thief’s own key',
      put(erased('str_b', 1, { by: other }), 'str_b', 1),
      found('tombstone-invalid', 'str_b', 1),
    ],
    [
      'a tombstone of another event',
      put({ ...erased('str_b', 1), tombstone: erased('str_b', 2).tombstone }, 'str_b', 1),
      found('tombstone-invalid', 'str_b', 1),
    ],
    [
      'a tombstone of another org',
      put(erased('str_b', 1, { org: 'org_2' }), 'str_b', 1),
      found('tombstone-invalid', 'str_b', 1),
    ],
    [
      'a tombstone of another payload',
      put(erased('str_b', 1, { payloadHash: '0'.repeat(64) }), 'str_b', 1),
      found('tombstone-invalid', 'str_b', 1),
    ],
    [
      'a tombstone whose reason was changed',
      put(
        { ...erased('str_b', 1), tombstone: erased('str_b', 1).tombstone.replace('a customer', 'no customer') },
        'str_b',
        1,
      ),
      found('tombstone-invalid', 'str_b', 1),
    ],
    ['the file cut off', log.slice(0, -1), found('cut-off')],
    ['rolled back to an older head', cutAt(1), found('kept-head-beyond'), { kept }],
    ['rolled back, and a root alone was kept', cutAt(1), found('kept-head-unknown'), { kept: hex(rootOf(2)) }],
    [
      'rolled back, and an event’s hash was kept',
      cutAt(0),
      found('kept-head-unknown'),
      { kept: `Fleet-Audit-Head: 1:${eventAt('str_c', 1).hash}\n` },
    ],
    [
      'forked: written anew and signed by the holder of the key',
      made({ change: { a5: 'x' } }),
      found('kept-head-differs', 'str_a', 4),
      { kept: headAt(1).note },
    ],
    [
      'forked after the head that was kept',
      made({ change: { b3: 'x' } }),
      found('kept-head-differs', 'str_b', 3),
      { kept: `${headAt(1).note}\n${kept}` },
    ],
  ];

  test('and there are enough ways', () => expect(cases.length).toBeGreaterThanOrEqual(18));

  test.each(cases)('%s', (_, lines, where, how) => {
    const { problems } = check(lines, how);
    expect(problems[0], JSON.stringify(problems)).toMatchObject(where);
  });

  test('an event that was erased behind a signed tombstone is sound, and counted', () => {
    const lines = put(erased('str_b', 1), 'str_b', 1);
    expect(check(lines)).toMatchObject({ problems: [], erased: 1, events: check(log).events });
    expect(check(lines, { hashing: plainHashing })).toMatchObject({ problems: [], erased: 1 });
  });

  test('without a head that was kept, a log set back or forked by the holder of the key passes', () => {
    expect(check(cutAt(1)).problems).toEqual([]);
    expect(check(made({ change: { a5: 'x' } })).problems).toEqual([]);
  });

  test('a run that was deleted with its tail still listed is named where it should end', () => {
    const { problems } = check(without((line) => isEvent(line) && line.stream === 'str_a' && line.seq > 3));
    expect(problems).toContainEqual(expect.objectContaining(found('missing', 'str_a', 4)));
  });

  test('one change is one problem: what follows from it is not told again', () => {
    expect(check(edit('str_a', 2, { payload: '{}' })).problems).toHaveLength(1);
    expect(check(log.toSpliced(at('str_a', 2), 1)).problems).toHaveLength(1);
    expect(check(rewritten()).problems).toHaveLength(1);
  });
});
