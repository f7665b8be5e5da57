const set = (words: string) => new Set(words.split(/\s+/u));

export const shells = set('sh bash dash zsh ksh ash mksh rbash');

/** Interpreters with the options by which code comes in their arguments. */
export const interpreters: Record<string, readonly string[]> = {
  node: ['-e', '--eval', '-p', '--print', '-pe'],
  bun: ['-e', '--eval'],
  python: ['-c'],
  python3: ['-c'],
  perl: ['-e', '-E', '-ne', '-pe', '-ie'],
  ruby: ['-e'],
  php: ['-r'],
  lua: ['-e'],
};

export const downloaders = set('curl wget aria2c fetch lwp-request http https ftp nc ncat netcat socat telnet');

/** Programs that run what else is in their arguments, options with a value of their own, and words before the command. */
type Wrapper = { valued?: readonly string[]; skip?: number; assigns?: true };

export const wrappers: Record<string, Wrapper> = {
  env: { valued: ['-u', '--unset', '-C', '--chdir'], assigns: true },
  'cross-env': { assigns: true },
  xargs: {
    valued: ['-I', '-n', '-P', '-L', '-d', '-E', '-s', '-a', '--max-args', '--max-procs', '--delimiter', '--arg-file'],
  },
  timeout: { valued: ['-s', '--signal', '-k', '--kill-after'], skip: 1 },
  nice: { valued: ['-n', '--adjustment'] },
  ionice: { valued: ['-c', '-n', '-p', '--class', '--classdata'] },
  chrt: { valued: ['-T', '-P', '-D'], skip: 1 },
  taskset: { skip: 1 },
  nohup: {},
  setsid: {},
  stdbuf: { valued: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  time: { valued: ['-f', '-o'] },
  sudo: {
    valued: ['--user', '--group', '-u', '-g', '-C', '-h', '-p', '-U', '-r', '-t', '-D', '-R', '-T'],
    assigns: true,
  },
  doas: { valued: ['-u', '-C'] },
  command: {},
  builtin: {},
  exec: { valued: ['-a'] },
  unshare: { valued: ['-S', '-G', '-R', '-w'] },
  nsenter: { valued: ['-t', '-S', '-G'] },
  chroot: { skip: 1 },
  watch: { valued: ['-n', '--interval'] },
  strace: { valued: ['-e', '-o', '-p', '-s', '-u', '-E'] },
  ltrace: { valued: ['-e', '-o', '-p', '-s', '-u'] },
  busybox: {},
  toybox: {},
  flock: { valued: ['-w', '-E', '--timeout'], skip: 1 },
  parallel: { valued: ['-j', '--jobs', '-N', '-n'] },
  catchsegv: {},
  setpriv: {},
  prlimit: {},
  fakeroot: {},
  linux32: {},
  linux64: {},
  setarch: { skip: 1 },
  torsocks: {},
  proxychains: { valued: ['-f'] },
  npx: { valued: ['-p', '--package'] },
  bunx: {},
  tsx: {},
};

/** The same behind a first word: `npm exec -- cmd`, `uv run cmd`. */
export const runners: Record<string, readonly string[]> = {
  npm: ['exec', 'x'],
  pnpm: ['exec', 'dlx'],
  yarn: ['exec', 'dlx'],
  uv: ['run'],
  poetry: ['run'],
  pipenv: ['run'],
  bundle: ['exec'],
  mise: ['exec', 'x'],
  corepack: ['npm', 'pnpm', 'yarn'],
};

/** What a repository is built and looked at with. */
export const toolChain = set(
  `node npm npx pnpm yarn bun deno tsc tsx eslint prettier jest vitest mocha python python3 pip pip3 pytest tox uv poetry ruff
   black mypy go gofmt cargo rustc rustfmt make cmake ninja gcc g++ clang cc ld java javac mvn gradle ./gradlew kotlin ruby
   bundle rake gem php composer dotnet swift git rg grep egrep fgrep find fd ls cat head tail less more wc sort uniq cut tr sed
   awk gawk mawk diff cmp comm patch tee echo printf test [ true false cd pwd pushd popd export unset set shopt local declare
   readonly typeset read mkdir rmdir cp mv rm ln touch chmod stat file du df date sleep basename dirname realpath readlink which
   type command env xargs timeout nice time seq expr bc jq yq tree tar gzip gunzip zip unzip base64 sha256sum md5sum od xxd
   hexdump strings column paste join fold nl tac rev split ps kill pkill pgrep jobs wait trap exit return source . sh bash dash
   eval exec : let shift getopts alias unalias hash nohup curl wget sqlite3 psql`,
);

/** Arguments of these are words, not files. */
export const speakers = set(
  'echo printf test [ : true false export unset set alias local declare readonly typeset kill sleep',
);

/** They read what their arguments name. The number is how many words come before the files. */
export const readers: Record<string, number> = {
  ...Object.fromEntries(
    `cat head tail less more bat nl tac cut sort uniq wc diff cmp od xxd hexdump strings base64 base32 cp mv scp rsync tar zip
     gzip xz bzip2 source . openssl file stat rev paste join split fold comm install ln dd curl`
      .split(/\s+/u)
      .map((name) => [name, 0]),
  ),
  grep: 1,
  egrep: 1,
  fgrep: 1,
  rg: 1,
  sed: 1,
  awk: 1,
  gawk: 1,
  jq: 1,
  yq: 1,
};

/** They change what their arguments name, behind so many words. */
export const writers: Record<string, number> = {
  tee: 0,
  rm: 0,
  rmdir: 0,
  unlink: 0,
  shred: 0,
  touch: 0,
  truncate: 0,
  mkdir: 0,
  mv: 0,
  chmod: 1,
  chown: 1,
};

/** They write the last of their arguments. */
export const copiers = set('cp mv install ln rsync scp');

/** They wait for a person, and run what they are told. */
export const editors = set('vi vim nvim view ex ed emacs nano pico joe');
