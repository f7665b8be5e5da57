import { readFileSync } from 'node:fs';
import { missingBubblewrap } from './host.ts';

const appArmor = `This system’s AppArmor forbids bubblewrap to make user namespaces (Ubuntu 23.10 and later). Allow it for bubblewrap alone:
  printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap
  sudo apparmor_parser -r /etc/apparmor.d/bwrap
or for every program, until the next restart: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`;

const switchedOff = `This system forbids user namespaces to ordinary users. Allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1`;

const noneLeft = `This system allows no user namespaces. Allow them: sudo sysctl -w user.max_user_namespaces=15000`;

const container = `Namespaces are refused here; most likely Fleet itself runs in a container. Start that container with
  --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`;

/** What a person does about a sandbox that does not start, given bubblewrap's own words. */
export function adviceFor(words: string, setting: (name: string) => string | null = readSetting): string {
  if (/ENOENT/u.test(words)) return missingBubblewrap;
  if (!/namespace|uid map|permission|not permitted|proc/iu.test(words)) return '';
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') return appArmor;
  if (setting('kernel/unprivileged_userns_clone') === '0') return switchedOff;
  if (setting('user/max_user_namespaces') === '0') return noneLeft;
  return container;
}

function readSetting(name: string): string | null {
  try {
    return readFileSync(`/proc/sys/${name}`, 'latin1').trim();
  } catch {
    return null;
  }
}
