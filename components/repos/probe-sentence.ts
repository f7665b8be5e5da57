import type { RepoProbeView } from '../../server/domain/views/repo-views.ts';
import { bytes, millis, plural } from '../ui/format.ts';

/** What the probe found, as one line: `Cloned 16 files (21.3 KB) in 0.8 s; tests: npm test`. */
export function probeSentence(probe: RepoProbeView): string {
  const tests = probe.testCommand === '' ? 'no test command found' : `tests: ${probe.testCommand}`;
  return `Cloned ${plural(probe.files, 'file')} (${bytes(probe.bytes)}) in ${millis(probe.millis)}; ${tests}`;
}
