import { seccompFilter } from '../seccomp.ts';

const prctl: Record<string, number> = { x64: 157, arm64: 167 };
const arches: Record<string, string> = { x86_64: 'x64', amd64: 'x64', aarch64: 'arm64', arm64: 'arm64' };

/** Loads a seccomp program and becomes what follows. perl, because it is small and every Debian has it. */
const loader = `my ($n, $f) = (shift, pack("H*", shift)); my $p = pack("S x6 P", length($f) / 8, $f);
(syscall($n + 0, 38, 1, 0, 0, 0) == 0 && syscall($n + 0, 22, 2, $p, 0, 0) == 0) || die "no seccomp filter: $!\\n";
exec { $ARGV[0] } @ARGV; die "$ARGV[0]: $!\\n";`;

/**
 * The command line that puts Fleet's own filter around a program inside a container. The engine's profile stays on
 * beneath it, but engines differ in theirs: Podman's lets user namespaces and vsock through. Null where Fleet has no
 * filter for that processor, given as the engine names it.
 */
export function confined(
  program: string[],
  { arch, env }: { arch: string; env: Record<string, string> },
): string[] | null {
  const known = arches[arch];
  const filter = known === undefined ? null : seccompFilter(known);
  if (known === undefined || filter === null) return null;
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const first = ['/usr/bin/perl', '-e', loader, '--', String(prctl[known]), Buffer.from(filter).toString('hex')];
  return [...first, '/usr/bin/env', '-i', ...variables, ...program];
}
