import type { Sandbox } from '../domain/ports/sandbox.ts';
import { decodeOutput } from './text/decode-bytes.ts';

const named =
  'node npm pnpm yarn bun deno python3 pip pipx uv git make gcc clang cmake go cargo rustc java mvn gradle ruby bundle php ' +
  'composer dotnet docker rg jq curl wget sqlite3 psql chromium';

/** Only what answers at once is asked for its version. */
const script = `
for t in ${named}; do command -v "$t" >/dev/null 2>&1 || continue
  case "$t" in
    node|python3|ruby|bun|deno) v=$(timeout 2 "$t" --version 2>/dev/null </dev/null | head -n 1) ;;
    go) v=$(timeout 2 go env GOVERSION 2>/dev/null </dev/null | head -n 1) ;;
    *) v= ;;
  esac
  printf '%s %s\\n' "$t" "$(printf %s "$v" | grep -oE '[0-9]+(\\.[0-9]+)+' | head -n 1)"
done
true`;

/** What is installed in a sandbox, e.g. `node 24.1.0`, `git`; nothing where it cannot be told. */
export async function probeTools(sandbox: Sandbox, signal: AbortSignal): Promise<string[]> {
  const { exitCode, head } = await sandbox.exec({ command: script, timeoutMs: 20_000, maxOutputBytes: 16_384, signal });
  if (exitCode !== 0) return [];
  const lines = decodeOutput(head).split('\n');
  return lines.map((line) => line.trim()).filter((line) => /^[a-z0-9]+( [0-9.]+)?$/.test(line));
}
