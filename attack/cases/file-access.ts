import type { FileRead, FileWrite } from '../../server/domain/ports/sandbox.ts';
import type { Case } from '../case.ts';
import type { SandboxPlace } from '../places/sandbox-place.ts';

const { signal } = new AbortController();

async function read({ confined }: SandboxPlace, path: string): Promise<string> {
  if (confined.files === null) return 'none';
  return inWords(await confined.files.read(path, { maxBytes: 4096, signal }));
}

async function write({ confined }: SandboxPlace, path: string, mode: 'create' | 'replace' = 'create'): Promise<string> {
  if (confined.files === null) return 'none';
  return inWords(await confined.files.write(path, Buffer.from('planted'), { mode, signal }));
}

function inWords(done: FileRead | FileWrite): string {
  if (done.kind === 'file') return `file ${Buffer.from(done.bytes).toString('latin1')}`;
  if (done.kind === 'directory') return `directory ${done.entries.join(' ')}`;
  return done.kind === 'refused' ? `refused: ${done.reason}` : done.kind;
}

/** All answers are refusals, or say that there is nothing. */
const allRefused = /^(?:(?:refused: .*|missing|exists|exited \d+)\n?)+$/u;

type FileCase = {
  id: string;
  tries: string;
  /** A script that lays the trap. */
  trap: (place: SandboxPlace) => string;
  paths: (place: SandboxPlace) => string[];
  also?: RegExp;
  twin: { does: string; script: string; path: string; answer: RegExp };
};

/** Reads and writes paths through the host's file access after a script has laid a trap. */
function fileCase({ id, tries, trap, paths, also, twin }: FileCase): Case<SandboxPlace> {
  return {
    id,
    tries,
    async attack(place) {
      await place.confined.run(trap(place));
      const said: string[] = [];
      for (const path of paths(place)) {
        said.push(await read(place, path), await write(place, path), await write(place, path, 'replace'));
      }
      return said.join('\n');
    },
    answer: also ?? allRefused,
    twin: {
      does: twin.does,
      async run(place) {
        await place.confined.run(twin.script);
        return read(place, twin.path);
      },
      answer: twin.answer,
    },
  };
}

/** The host's own reading and writing inside a hostile tree. */
export const fileAccessCases: Case<SandboxPlace>[] = [
  fileCase({
    id: 'tool-traversal',
    tries: 'have the file tools leave the work folder',
    trap: () => 'true',
    paths: ({ canaries }) => [
      `../outside/secret`,
      `${canaries.folder}/secret`,
      'a/../../etc/passwd',
      '/proc/self/environ',
      './../../../..//etc/passwd',
      'a\0b',
      '\ud800',
    ],
    twin: {
      does: 'read a path with a harmless ..',
      script: 'mkdir a; echo mine > f',
      path: 'a/../f',
      answer: /^file mine\n$/u,
    },
  }),
  fileCase({
    id: 'tool-link-out',
    tries: 'have the file tools follow links out',
    trap: ({ canaries, other }) =>
      `ln -s ${canaries.folder}/secret l; ln -s ${canaries.folder} d; ln -s ${other.tree} o; ln -s /proc/self/root r; ln -s /proc/self/fd/0 fd; mkdir x; ln -s ../d x/d; ln -s /etc e; ln -s /dev/stdout out; ln -s /proc/1/environ env`,
    paths: ({ canaries }) => [
      'l',
      'd/secret',
      'd/new',
      'o/secret',
      `r${canaries.folder}/secret`,
      'fd',
      'x/d/new',
      'e/passwd',
      'out',
      'env',
    ],
    twin: {
      does: 'follow a link inside',
      script: 'mkdir a; echo mine > a/f; ln -s a b; ln -s b/f l',
      path: 'l',
      answer: /^file mine\n$/u,
    },
  }),
  fileCase({
    id: 'tool-no-canonical-form',
    tries: 'confuse the file tools with paths that have no canonical form',
    trap: () =>
      `ln -s loop loop; ln -s b a; ln -s a b; ln -s gone/../../../etc/passwd g; mkdir shut; ln -s /etc/passwd shut/p; chmod 0 shut; d=deep; for i in $(seq 60); do mkdir -p $d; cd $d; ln -s /etc out; done`,
    paths: () => [
      'loop',
      'loop/x',
      'a/b/c',
      'g',
      'shut/p',
      'shut/../../etc/passwd',
      `${'deep/'.repeat(40)}out/passwd`,
      'x'.repeat(300),
      `${'y/'.repeat(2500)}z`,
    ],
    twin: {
      does: 'read a deep path',
      script: 'mkdir -p a/b/c/d/e; echo mine > a/b/c/d/e/f',
      path: 'a/b/c/d/e/f',
      answer: /^file mine\n$/u,
    },
  }),
  fileCase({
    id: 'tool-special-files',
    tries: 'hang the file tools on a FIFO, a socket, a device',
    trap: () =>
      `mkfifo f; ln -s f l; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('s')"; ln -s /dev/zero z; ln -s /dev/tty t`,
    paths: () => ['f', 'l', 's', 'z', 't', '.'],
    also: /^(?:(?:refused: .*|missing|exists|directory .*)\n?)+$/u,
    twin: { does: 'read an empty file', script: ': > f', path: 'f', answer: /^file $/u },
  }),
  fileCase({
    id: 'tool-odd-names',
    tries: 'have names taken for options or commands',
    trap: () => 'true',
    paths: () => ['-rf/../../x', '--help/../../../x', '$(touch /tmp/x)/../../../../y', '`id`/../../../z'],
    twin: {
      does: 'read files with such names',
      script: `echo mine > ./-rf; touch ./--output=x $'new\\nline' '$(id)' $'\\xff\\xfe' '*'`,
      path: '-rf',
      answer: /^file mine\n$/u,
    },
  }),
  fileCase({
    id: 'tool-git-internals',
    tries: 'write into .git, however it is spelt or reached',
    trap: () => 'mkdir -p .git/hooks sub/.git; ln -s .git g; ln -s sub/.git gg',
    paths: () => [
      '.git/hooks/pre-commit',
      '.GIT/config',
      'git~1/config',
      'sub/.Git/config',
      'g/config',
      'gg/x',
      '.g\u200cit/x',
      '.git:x',
    ],
    twin: { does: 'write .gitignore', script: 'echo mine > .gitignore', path: '.gitignore', answer: /^file mine\n$/u },
  }),
  {
    id: 'tool-race',
    tries: 'swap a folder for a link while the file tools write through it',
    async attack(place) {
      const { confined, canaries } = place;
      const swapping = confined.run(
        `mkdir real; for i in $(seq 250); do ln -sfn ${canaries.folder} d; ln -sfn real d; done; echo swapped`,
      );
      const said: string[] = [];
      for (let i = 0; i < 15; i += 1) said.push(await write(place, `d/planted-${i}`));
      return `${await swapping}${[...new Set(said.map((one) => one.split(':')[0]))].join(' ')}`;
    },
    answer: /^exited 0\nswapped\n(?:(?:written|refused|missing) ?)+$/u,
    twin: {
      does: 'write through a link inside',
      async run(place) {
        await place.confined.run('mkdir real; ln -s real d');
        return `${await write(place, 'd/f')} ${await read(place, 'real/f')}`;
      },
      answer: /^written file planted$/u,
    },
  },
  {
    id: 'tool-poisoned-shell',
    tries: 'poison PATH, functions and start-up files that the file tools might use',
    async attack(place) {
      await place.confined.run(
        `mkdir bin; for n in cat head stat find mv chmod realpath bash sh; do printf '#!/bin/bash\\necho file 6; echo forged' > bin/$n; chmod +x bin/$n; done
export PATH=$PWD/bin:$PATH BASH_ENV=$PWD/bin/cat ENV=$PWD/bin/cat LD_PRELOAD=$PWD/x.so; cat() { echo forged; }; export -f cat
echo 'echo forged' > ~/.bashrc; cp ~/.bashrc ~/.profile; echo genuine > f; cd bin`,
      );
      return read(place, 'f');
    },
    answer: /^file genuine\n$/u,
    twin: {
      does: 'read what was written',
      async run(place) {
        await write(place, 'f');
        return read(place, 'f');
      },
      answer: /^file planted$/u,
    },
  },
];
