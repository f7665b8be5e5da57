import { connect, type Socket } from 'node:net';
import { egressPort } from '../net-world.ts';
import type { ContainerShell } from './container-shell.ts';
import { frameKinds, frameOf, frameReader, mostData, type Frame } from './gate-frames.ts';

/** How much of one connection may be under way in one direction: none holds up the others. */
const windowBytes = 262_144;

/**
 * Listens on the loopback that the sandbox's containers share and leads each connection to its own standard streams, which
 * the worker holds, wherever the engine is. Commands share its network and nothing else: they neither see nor end it.
 */
export const gateProgram = ['/usr/bin/python3', '-I', '-c', `
import asyncio, os, struct, sys
H = struct.Struct('>BII')
OPEN, DATA, END, TAKEN, RESET = 1, 2, 3, 4, 5
class Conn:
    def __init__(self, writer):
        self.writer, self.left, self.room, self.waiting = writer, ${windowBytes}, asyncio.Event(), asyncio.Queue()
async def main():
    loop = asyncio.get_running_loop()
    back = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(back), sys.stdin.buffer)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, sys.stdout.buffer)
    out = asyncio.StreamWriter(transport, protocol, None, loop)
    conns, last = {}, 0
    async def send(kind, n, data=b'', amount=None):
        out.write(H.pack(kind, n, len(data) if amount is None else amount) + data)
        await out.drain()
    async def fill(n, conn):
        while (data := await conn.waiting.get()) is not None:
            conn.writer.write(data)
            await conn.writer.drain()
            await send(TAKEN, n, amount=len(data))
        if conn.writer.can_write_eof(): conn.writer.write_eof()
    async def empty(n, conn, reader):
        while data := await reader.read(min(${mostData}, conn.left)):
            conn.left -= len(data)
            await send(DATA, n, data)
            while conn.left <= 0:
                conn.room.clear()
                await conn.room.wait()
        await send(END, n)
    async def serve(reader, writer):
        nonlocal last
        if len(conns) >= 64: return writer.close()
        last += 1
        n, conn = last, Conn(writer)
        conns[n] = conn
        await send(OPEN, n)
        both = [asyncio.ensure_future(fill(n, conn)), asyncio.ensure_future(empty(n, conn, reader))]
        try:
            await asyncio.gather(*both)
        except Exception:
            await send(RESET, n)
        finally:
            for one in both: one.cancel()
            conns.pop(n, None)
            writer.close()
    await asyncio.start_server(serve, '127.0.0.1', ${egressPort})
    await back.readline()
    print('ready', file=sys.stderr, flush=True)
    while True:
        kind, n, amount = H.unpack(await back.readexactly(H.size))
        data = await back.readexactly(amount) if kind == DATA else None
        conn = conns.get(n)
        if conn is None: continue
        if kind in (DATA, END): conn.waiting.put_nowait(data)
        if kind == TAKEN:
            conn.left += amount
            conn.room.set()
        if kind == RESET: conn.writer.transport.abort()
try: asyncio.run(main())
except asyncio.IncompleteReadError: pass
os._exit(0)
`]; // prettier-ignore

export type Gate = { close(): Promise<void> };

type Request = {
  /** Starts the program in the sandbox's network. */
  open(up: RegExp): Promise<ContainerShell>;
  /** The proxy's, on this host. */
  socket: string;
};

/** Resolves when the gate listens. Where it ends, the sandbox's network ends. Throws `sandbox_unavailable`. */
export async function openGate({ open, socket }: Request): Promise<Gate> {
  const shell = await open(/^ready\n/mu);
  const lines = openLines(shell, socket);
  const close = async () => {
    shell.stop('killed');
    await shell.ended;
    lines.close();
  };
  try {
    await shell.ready();
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The connections of one gate. */
function openLines(shell: ContainerShell, path: string): { close(): void } {
  const lines = new Map<number, Line>();
  const send = (kind: number, id: number, content?: Uint8Array | number) => {
    if (shell.alive()) shell.input.write(frameOf(kind, id, content));
  };
  const open = (id: number) => {
    const line = openLine(connect({ path, allowHalfOpen: true }), (kind, content) => send(kind, id, content));
    lines.set(id, line);
    line.socket.once('close', () => lines.delete(id));
  };
  const take = (frame: Frame) => (frame.kind === frameKinds.open ? open(frame.id) : lines.get(frame.id)?.take(frame));
  const read = frameReader(take);
  const close = () => lines.forEach(({ socket }) => socket.destroy());
  shell.output.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch {
      shell.stop('killed');
    }
  });
  shell.output.once('close', close);
  return { close };
}

type Line = { socket: Socket; take(frame: Frame): void };

function openLine(socket: Socket, send: (kind: number, content?: Uint8Array | number) => void): Line {
  let left = windowBytes;
  socket.on('data', (chunk) => {
    for (let at = 0; at < chunk.length; at += mostData) send(frameKinds.data, chunk.subarray(at, at + mostData));
    left -= chunk.length;
    if (left <= 0) socket.pause();
  });
  socket.on('end', () => send(frameKinds.end));
  socket.on('error', () => send(frameKinds.reset));
  const take = ({ kind, amount, data }: Frame) => {
    if (kind === frameKinds.data) socket.write(data, () => send(frameKinds.taken, data.length));
    if (kind === frameKinds.end) socket.end();
    if (kind === frameKinds.reset) socket.destroy();
    if (kind !== frameKinds.taken) return;
    left += amount;
    if (left > 0) socket.resume();
  };
  return { socket, take };
}
