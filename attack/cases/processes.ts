import { randomInt } from 'node:crypto';
import type { Case } from '../case.ts';
import { processesWith, python, shellCase, tryIn, type SandboxPlace } from '../places/sandbox-place.ts';

/** Ways to other processes, and ways to take more than one's share. */
export const processCases: Case<SandboxPlace>[] = [
  shellCase({
    id: 'processes-of-others',
    tries: 'read command lines, environments and memory of the host’s processes',
    command: ({ canaries, other }) =>
      `cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep -a canary-; ps aux 2>/dev/null | grep canary-; for p in ${canaries.pid} ${other.pid}; do ls -d /proc/$p/fd; done; ls -d /proc/[0-9]* | wc -l`,
    answer: /No such file[^]*\n[1-9]\d?\n$/u,
    twin: {
      does: 'see its own processes',
      // A child's command line is its parent's until it has become what it is: the reader reads its own.
      command: 'cat /proc/self/cmdline | tr "\\0" " "; test -d /proc/$$/fd && echo mine',
      answer: /^exited 0\ncat \/proc\/self\/cmdline mine\n$/u,
    },
  }),
  shellCase({
    id: 'signals',
    tries: 'end and stop processes of the host and of other runs',
    command: ({ canaries, other }) =>
      `kill -9 ${canaries.pid}; kill -STOP ${other.pid}; kill -9 ${other.pid}; renice 19 ${canaries.pid}; echo end`,
    answer: /No such process[^]*\nend\n$/u,
    twin: { does: 'end its own', command: 'sleep 30 & kill $!; wait $!; echo $?', answer: /\n143\n$/u },
  }),
  shellCase({
    id: 'every-signal',
    perilous: true,
    tries: 'end everything that may be ended',
    command: 'kill -9 -1; echo survived',
    answer: /^(?:killed|exited)/u,
    twin: { does: 'run the next command', command: 'echo next', answer: /^exited 0\nnext\n$/u },
  }),
  shellCase({
    id: 'foreign-memory',
    tries: 'read the memory of a process of the host',
    command: ({ canaries }) =>
      python(`
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
print("attach", "went well" if libc.ptrace(16, ${canaries.pid}, 0, 0) == 0 else errno.errorcode[ctypes.get_errno()])
${tryIn('memory', `open("/proc/${canaries.pid}/mem", "rb").read(1)`)}`),
    answer: /^exited 0\nattach E(?:SRCH|PERM)\nmemory E(?:NOENT|ACCES|PERM)\n$/u,
    twin: {
      does: 'read its own',
      command: python('print(len(open("/proc/self/maps").read()) > 0)'),
      answer: /^exited 0\nTrue\n$/u,
    },
  }),
  shellCase({
    id: 'environment',
    tries: 'find what Fleet was told in its environment',
    command:
      'env | cut -d= -f1 | grep -vxE "PATH|HOME|LANG|CI|PWD|OLDPWD|SHLVL|_|TMPDIR"; cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n" | grep -aE "DATABASE|KEY|TOKEN|SECRET|CANARY"; echo end',
    answer: /^exited 0\nend\n$/u,
    twin: {
      does: 'set variables of its own',
      command: 'export MINE=1; bash -c "echo \\$MINE"',
      answer: /^exited 0\n1\n$/u,
    },
  }),
  shellCase({
    id: 'inherited-descriptors',
    tries: 'read through descriptors that were left open',
    command:
      'for p in self 1 $PPID; do for f in /proc/$p/fd/*; do t=$(readlink $f); case $t in pipe:*|socket:*|/dev/null|*/pipe-*|/proc/*|"") ;; *) echo "$p $t"; timeout 1 head -c 200 $f;; esac; done; done; echo end',
    answer: /^exited 0\nend\n$/u,
    twin: {
      does: 'open descriptors of its own',
      command: 'echo mine > f; exec 7< f; cat <&7',
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'shared-memory',
    tries: 'meet the host in shared memory and message queues',
    command:
      'ipcs -m | grep -c 0x; ipcs -q | grep -c 0x; ls /dev/shm /dev/mqueue 2>/dev/null; python3 -c "import ctypes; print(ctypes.CDLL(None).shmget(0x464c5454, 64, 0))"',
    answer: /^exited 0\n0\n0\n(?:\/dev\/shm:\n)?(?:-1\n)$/u,
    onEngine: /^exited 0\n0\n0\n\/dev\/mqueue:\n\n\/dev\/shm:\n-1\n$/u,
    twin: {
      does: 'share memory with itself',
      command: python(
        'import ctypes\nlibc = ctypes.CDLL(None)\nn = libc.shmget(0x77, 64, 0o1600)\nprint(n >= 0); libc.shmctl(n, 0, None)',
      ),
      answer: /^exited 0\nTrue\n$/u,
    },
  }),
  {
    id: 'outlive',
    tries: 'leave a process that outlives the command: double fork, new session, deaf to signals',
    attack: async ({ confined }) => {
      const mark = markOf();
      const said = await confined.run(
        `(trap "" TERM HUP INT; setsid nohup sleep ${mark} >/dev/null 2>&1 &) & disown; setsid bash -c "sleep ${mark} &" & echo left`,
      );
      const left = await survivors(`sleep\0${mark}\0`);
      return `${said}alive: ${left}\n`;
    },
    answer: /^exited 0\nleft\nalive: 0\n$/u,
    twin: {
      does: 'run in the background while the command lasts',
      run: ({ confined }) => confined.run('sleep 0.2 & wait $!; echo $?'),
      answer: /^exited 0\n0\n$/u,
    },
  },
  {
    id: 'ignore-the-limit',
    tries: 'go on after the time limit, deaf to every signal',
    attack: async ({ confined }) => {
      const mark = markOf();
      const said = await confined.run(
        `trap "" TERM INT HUP QUIT; (trap "" TERM; setsid sleep ${mark}) & while [ $SECONDS -lt 30 ]; do sleep ${mark}; done`,
        {
          timeoutMs: 700,
        },
      );
      return `${said}alive: ${await survivors(`sleep\0${mark}\0`)}\n`;
    },
    answer: /^timed_out \n[^]*alive: 0\n$/u,
    twin: {
      does: 'end in time',
      run: ({ confined }) => confined.run('sleep 0.1; echo done', { timeoutMs: 20_000 }),
      answer: /^exited 0\ndone\n$/u,
    },
  },
  shellCase({
    id: 'file-quota',
    tries: 'fill the disk with one file',
    command: 'dd if=/dev/zero of=big bs=1M count=96 2>&1 | tail -1; stat -c %s big; echo end',
    answer: /(?:File too large|File size limit|killed)|\n(?:[0-9]|[1-3]\d)\d{6,6}\n|\n33554432\n/u,
    twin: {
      does: 'write a large file',
      command: 'dd if=/dev/zero of=big bs=1M count=16 2>/dev/null; stat -c %s big',
      answer: /^exited 0\n16777216\n$/u,
    },
  }),
  shellCase({
    id: 'fork-bomb',
    perilous: true,
    tries: 'take every process the host has',
    command:
      'n=0; for i in $(seq 400); do sleep 20 2>/dev/null & n=$((n+1)); done 2>&1 | grep -cE "fork|Resource|retry" ; echo end',
    timeoutMs: 8000,
    answer: /^killed|^timed_out|Resource temporarily|^exited \d+\n[^]*fork|^exited 0\n[1-9]\d*\nend/u,
    twin: {
      does: 'start twenty',
      command: 'for i in $(seq 20); do sleep 0.1 & done; wait; echo all',
      answer: /^exited 0\nall\n$/u,
    },
    slow: true,
  }),
  shellCase({
    id: 'memory',
    perilous: true,
    tries: 'take the host’s memory',
    command: python('x = bytearray(900 * 2**20)\nfor i in range(0, len(x), 4096): x[i] = 1\nprint("got it")'),
    timeoutMs: 20_000,
    answer: /MemoryError|^killed|^exited 137|Killed/u,
    twin: {
      does: 'use a hundred megabytes',
      command: python('x = bytearray(100 * 2**20)\nprint(len(x) >> 20)'),
      answer: /^exited 0\n100\n$/u,
    },
    slow: true,
  }),
];

const graceMs = 2000;

/** How many of them are alive two seconds after the stop at the latest. */
/** Seconds that nobody else sleeps: without a wall, what one try left is not another's. */
const markOf = () => `77${randomInt(10_000, 100_000)}`;

async function survivors(commandLine: string): Promise<number> {
  const until = performance.now() + graceMs;
  for (;;) {
    const left = processesWith(commandLine);
    if (left.length === 0) return 0;
    if (performance.now() > until) {
      for (const pid of left) process.kill(pid, 'SIGKILL');
      return left.length;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
