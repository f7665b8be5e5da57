import { expect, test } from 'vitest';
import { utf8Bytes } from '../../domain/audit/bytes.ts';
import { csvHeading, csvLines } from './csv-lines.ts';

const leaf = (payload: string, kind = 'x') => ({
  ...{ leaf: 1, stream: 'str_1', log: 'org', subject: 'org_1', seq: 2, kind, at: new Date(0) },
  ...{
    header: utf8Bytes('not one of ours'),
    payload: utf8Bytes(payload),
    salt: utf8Bytes(''),
    hash: Uint8Array.of(255),
  },
});

test('the heading stands behind the mark by which Excel knows UTF-8', () => {
  expect(csvHeading()).toBe('\ufeffleaf,at,kind,actor,log,subject,stream,seq,hash,payload\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('%j is text and no formula', (text) => {
  expect(csvLines([leaf(text)])).toMatch(/,ff,"?'/);
  expect(csvLines([leaf('{}', text)])).toMatch(/Z,"?'/);
});

test('quotes, commas and line breaks stay within a field', () => {
  expect(csvLines([leaf('{"a":"b,c\n"}')])).toBe(
    '1,1970-01-01T00:00:00.000Z,x,,org,org_1,str_1,2,ff,"{""a"":""b,c\n""}"\r\n',
  );
});
