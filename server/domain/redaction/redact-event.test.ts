import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../events/run-events.ts';
import type { Blobs } from '../ports/blobs.ts';
import { runRedactor } from './redact-event.ts';
import { redactedBlobs } from './redacted-blobs.ts';

const token = `ghp_${'a1B2'.repeat(9)}`;
const own = 'correct horse battery';
const redactor = runRedactor([{ name: 'PASSPHRASE', value: own }]);
const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };

function replied(content: Extract<RunEvent, { kind: 'model.replied' }>['payload']['content']): RunEvent {
  const rest = { model: 'm', stopReason: 'end_turn' as const, usage, costMicros: 1, durationMs: 1 };
  return { kind: 'model.replied', payload: { turn: 1, content, ...rest } };
}

describe('an event', () => {
  test('loses every secret, wherever in it', () => {
    const event: RunEvent = { kind: 'message.added', payload: { source: 'person', text: `${token} and ${own}` } };
    expect(redactor.event(event).payload).toEqual({
      source: 'person',
      text: '[redacted: github-token] and [redacted: PASSPHRASE]',
    });
  });

  test('that was redacted is not looked at again', () => {
    const clean = redactor.event({ kind: 'rules.read', payload: { path: 'a', text: token } });
    expect(redactor.event(clean)).toBe(clean);
  });

  test('of a reply keeps what its provider signed, and what the agent made up to be written', () => {
    const thinking = { type: 'thinking' as const, thinking: `is it ${token}?`, signature: 'c2ln' };
    const call = { type: 'tool_use' as const, id: 'c1', name: 'create', input: { a: [token, own] } };
    const { payload } = redactor.event(replied([{ type: 'text', text: token }, thinking, call])) as ReturnType<
      typeof replied
    > & { kind: 'model.replied' };
    expect(payload.content).toEqual([
      { type: 'text', text: '[redacted: github-token]' },
      thinking,
      { ...call, input: { a: [token, '[redacted: PASSPHRASE]'] } },
    ]);
  });
});

test('an output that is kept whole loses them too, and a picture is left alone', async () => {
  const kept: Uint8Array[] = [];
  const put: Blobs['put'] = async (bytes) => {
    kept.push(bytes);
    return { id: 'blb_1', sha256: '', size: bytes.length };
  };
  const blobs = redactedBlobs({ put, get: async () => new Uint8Array() }, redactor);
  const picture = new Uint8Array([0x89, 0x50, 0, 1, ...new TextEncoder().encode(token)]);
  const broken = new Uint8Array([...new TextEncoder().encode(`\ufeff${token} `), 0xff]);
  for (const bytes of [picture, new TextEncoder().encode(`a ${token} b`), new Uint8Array([0xff, 0x41]), broken]) {
    await blobs.put(bytes);
  }
  expect(kept[0]).toBe(picture);
  expect(new TextDecoder().decode(kept[1])).toBe('a [redacted: github-token] b');
  expect(kept[2]).toEqual(new Uint8Array([0xff, 0x41]));
  expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(kept[3])).toBe('\ufeff[redacted: github-token] \ufffd');
});
