import type { FileRead, FileWrite } from '../../domain/ports/sandbox.ts';

/**
 * File access as bash scripts that run inside the sandbox, so that links lead nowhere but where a command could go.
 * Nothing of theirs comes from the agent: fresh shell, fixed PATH, names quoted. They answer with one word, then bytes.
 */
const prelude = `whole() { IFS= read -r -d '' REPLY < <(realpath -mz -- "$1" 2>/dev/null); }
say() { echo "$1"; exit 0; }
inside() { case $1/ in /work/*) ;; *) say outside ;; esac; }
`;

const readBody = `if ! cd -P -- "/work/$1" 2>/dev/null; then whole "/work/$1"; inside "$REPLY"; [ -d "$REPLY" ] && say denied; say missing; fi
inside "$PWD"; p=./$2
if [ -L "$p" ]; then whole "$p"; inside "$REPLY"; p=$REPLY; fi
if [ -d "$p" ]; then
  [ -r "$p" ] && [ -x "$p" ] || say denied
  echo directory; exec find "$p" -mindepth 1 -maxdepth 1 -printf '%y%f\\0'
fi
if [ -f "$p" ]; then
  [ -r "$p" ] || say denied
  size=$(stat -Lc %s -- "$p") && echo "file $size" && exec head -c "$3" -- "$p"
fi
[ -e "$p" ] && say special; say missing`;

/** All input is read before the answer: an engine that has nowhere to put the rest of it resets the line, and the answer with it. */
const writeBody = `say() { cat > /dev/null; echo "$1"; exit 0; }
nogit() { shopt -s nocasematch; case $1/ in */.git/*|*/git~1/*) say git ;; esac; shopt -u nocasematch; }
if ! cd -P -- "/work/$1" 2>/dev/null; then
  whole "/work/$1"; inside "$REPLY"; nogit "$REPLY"
  [ "$3" = create ] || say missing
  mkdir -p -- "$REPLY" 2>/dev/null && cd -P -- "$REPLY" 2>/dev/null || say noparent
fi
inside "$PWD"; nogit "$PWD"; p=./$2
if [ "$3" = create ]; then
  [ -e "$p" ] || [ -L "$p" ] && say exists
  set -C; ours=
  { { ours=1; cat; } > "$p"; } 2>/dev/null && say written
  [ "$ours" ] && rm -f -- "$p" && say failed
  [ -e "$p" ] && say exists; say denied
fi
if [ -L "$p" ]; then whole "$p"; inside "$REPLY"; nogit "$REPLY"; p=$REPLY; fi
[ -e "$p" ] || say missing
[ -f "$p" ] || say special
[ -w "$p" ] || say denied
new=\${p%/*}/.fleet-write.$RANDOM$RANDOM
{ cat > "$new" && chmod --reference="$p" -- "$new" && mv -fT -- "$new" "$p"; } 2>/dev/null && say written
rm -f -- "$new" 2>/dev/null; say failed`;

const reasons: Record<string, string> = {
  outside: 'the path leads out of /work through a link',
  git: 'nothing may be written inside a .git folder',
  special: 'not a regular file',
  denied: 'permission denied',
  noparent: 'the parent folder cannot be made',
  failed: 'the file could not be written: it is too large or the disk is full',
};

/** Names in single quotes: the only character that ends them is taken out of them. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function script(body: string, path: string, option: string): string {
  const cut = path.lastIndexOf('/');
  const folder = cut < 0 ? '.' : path.slice(0, cut);
  return `set -- ${[folder, path.slice(cut + 1), option].map(quote).join(' ')}\n${prelude}${body}`;
}

/** `path` as `workPath` gives it. */
export function readScript(path: string, maxBytes: number): string {
  return script(readBody, path, String(maxBytes));
}

export function writeScript(path: string, mode: 'create' | 'replace'): string {
  return script(writeBody, path, mode);
}

export function readAnswer(output: Uint8Array): FileRead {
  const bytes = Buffer.from(output);
  const line = bytes.indexOf(10);
  const word = bytes.toString('latin1', 0, Math.max(line, 0));
  const rest = bytes.subarray(line + 1);
  if (word.startsWith('file ')) return { kind: 'file', bytes: rest, size: Number(word.slice(5)) };
  if (word === 'directory') return { kind: 'directory', entries: directoryEntries(rest) };
  if (word === 'missing') return { kind: 'missing' };
  return { kind: 'refused', reason: reasons[word] ?? 'the file could not be read' };
}

/** Names in code-point order; folders end with a slash. What is not UTF-8 shows replacement characters. */
function directoryEntries(listing: Buffer): string[] {
  const entries = listing.toString('utf8').split('\0').slice(0, -1);
  return entries.map((entry) => entry.slice(1) + (entry.startsWith('d') ? '/' : '')).sort();
}

export function writeAnswer(output: Uint8Array): FileWrite {
  const word = Buffer.from(output).toString('latin1').trim();
  if (word === 'written' || word === 'exists' || word === 'missing') return { kind: word };
  return { kind: 'refused', reason: reasons[word] ?? 'the file could not be written' };
}
