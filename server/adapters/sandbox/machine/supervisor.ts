/** How much of one stream may be under way in one direction. */
export const windowBytes = 1_048_576;

/** What the machine says when it takes the supervisor's text, and when that runs. Neither stands so in what is typed. */
export const marks = { asks: 'fleet-asks:', up: 'fleet-up:' };

/**
 * What is typed into a root shell of the machine: from here on the terminal is a pipe of bytes, and what comes next is the
 * supervisor's own text.
 */
export function bootLine(): string {
  const take = [
    'import sys,os',
    'n=int(sys.argv[1])',
    'os.write(1,b"fleet-"+b"asks:")',
    'b=b""',
    'exec("while len(b)<n: b+=os.read(0,n-len(b))")',
    'exec(compile(b,"fleet","exec"))',
  ].join(';');
  return `stty raw -echo && exec python3 -I -c '${take}' ${Buffer.byteLength(supervisor)}\n`;
}

/**
 * Runs programs for whoever holds the terminal and carries their standard streams. It is root in a machine that belongs to one
 * sandbox; what a program may do is said by its own first words (`world.ts`). Where it ends, all of them end.
 */
export const supervisor = `
import asyncio, ctypes, json, os, signal, struct
H = struct.Struct('>BII')
OPEN, DATA, END, TAKEN, KILL, NEWS, EXIT = range(1, 8)
MOST = 65536
libc = ctypes.CDLL(None)
def end(process):
    # It only waits for the first process of a world, whose end is the end of all in it. Stopped, it can start none meanwhile.
    if process.returncode is not None: return
    try:
        process.send_signal(signal.SIGSTOP)
        with open(f'/proc/{process.pid}/task/{process.pid}/children') as file:
            for child in file.read().split(): os.kill(int(child), signal.SIGKILL)
    except (ProcessLookupError, FileNotFoundError): pass
    try: process.kill()
    except ProcessLookupError: pass
class Running:
    def __init__(self):
        self.left, self.room, self.waiting, self.process = ${windowBytes}, asyncio.Event(), asyncio.Queue(), None
        self.killed = False
async def main():
    loop = asyncio.get_running_loop()
    back = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(back), os.fdopen(0, 'rb', 0))
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(1, 'wb', 0))
    out = asyncio.StreamWriter(transport, protocol, None, loop)
    alive, turn = {}, asyncio.Lock()
    async def send(kind, n, data=b'', amount=None):
        async with turn:
            out.write(H.pack(kind, n, len(data) if amount is None else amount) + data)
            await out.drain()
    async def fill(n, one):
        pipe = one.process.stdin
        try:
            while (data := await one.waiting.get()) is not None:
                pipe.write(data)
                await pipe.drain()
                await send(TAKEN, n, amount=len(data))
        except (BrokenPipeError, ConnectionResetError): pass
        pipe.close()
    async def stream():
        # Whoever is behind it may open it by name.
        theirs, ours = asyncio.StreamReader(limit=1 << 20), os.pipe()
        os.fchown(ours[1], 1000, 1000)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(theirs), os.fdopen(ours[0], 'rb', 0))
        return theirs, ours[1]
    async def empty(n, one, stdout):
        while data := await stdout.read(max(1, min(MOST, one.left))):
            one.left -= len(data)
            await send(DATA, n, data)
            while one.left <= 0:
                one.room.clear()
                await one.room.wait()
    async def tell(n, stderr):
        while data := await stderr.read(MOST): await send(NEWS, n, data)
    async def run(n, one, args):
        code = 125
        try:
            (stdout, out1), (stderr, out2) = await stream(), await stream()
            try:
                one.process = await asyncio.create_subprocess_exec(*args, stdin=asyncio.subprocess.PIPE, stdout=out1,
                    stderr=out2, cwd='/', start_new_session=True, preexec_fn=lambda: libc.prctl(1, 9))
            finally:
                os.close(out1)
                os.close(out2)
            if one.killed: end(one.process)
            filling = asyncio.ensure_future(fill(n, one))
            await asyncio.gather(empty(n, one, stdout), tell(n, stderr))
            code = await one.process.wait()
            filling.cancel()
        except OSError as error:
            await send(NEWS, n, str(error).encode())
        alive.pop(n, None)
        await send(EXIT, n, amount=code if code >= 0 else 256 - code)
    out.write(b'${marks.up}')
    tasks = set()
    while True:
        kind, n, amount = H.unpack(await back.readexactly(H.size))
        data = await back.readexactly(amount) if kind in (OPEN, DATA) else None
        if kind == OPEN:
            alive[n] = Running()
            task = asyncio.ensure_future(run(n, alive[n], json.loads(data)))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        one = alive.get(n)
        if one is None: continue
        if kind in (DATA, END): one.waiting.put_nowait(data)
        if kind == TAKEN:
            one.left += amount
            one.room.set()
        if kind == KILL:
            one.killed, one.left = True, 1 << 60
            one.room.set()
            if one.process is not None: end(one.process)
try: asyncio.run(main())
except asyncio.IncompleteReadError: pass
os._exit(0)
`;
