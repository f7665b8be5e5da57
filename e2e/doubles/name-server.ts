import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type NameServer = { address: string; url: string; close(): void };

const types = { txt: 16 };

/** The name asked for, in lower case, and where the question ends. */
function question(message: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

/** An answer of RFC 1035: the question again, and one TXT record for each text; a name without any does not exist. */
function answer(message: Buffer, texts: string[]): Buffer {
  const { end } = question(message);
  const head = Buffer.from(message.subarray(0, 12));
  head.writeUInt16BE(texts.length > 0 ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(texts.length, 6);
  head.writeUInt32BE(0, 8);
  const records = texts.map((text) => {
    const record = Buffer.alloc(13);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(types.txt, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt16BE(text.length + 1, 10);
    record[12] = text.length;
    return Buffer.concat([record, Buffer.from(text, 'ascii')]);
  });
  return Buffer.concat([head, message.subarray(12, end), ...records]);
}

/** A name server for the proofs of domains. What it says of a name is posted to `url` as `{ name, text }`. */
export async function nameServer(): Promise<NameServer> {
  const texts = new Map<string, string[]>();
  const socket = createSocket('udp4', (message, from) => {
    socket.send(answer(message, texts.get(question(message).name) ?? []), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const control = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    const { name, text } = JSON.parse(body) as { name: string; text: string };
    texts.set(name, [...(texts.get(name) ?? []), text]);
    response.end();
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    url: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
    close: () => {
      socket.close();
      control.close();
    },
  };
}
