import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileAccessCases } from './cases/file-access.ts';
import { fileCases } from './cases/files.ts';
import { kernelCases } from './cases/kernel.ts';
import { noNetworkCases } from './cases/no-network.ts';
import { processCases } from './cases/processes.ts';
import { secondLayerCases } from './cases/second-layers.ts';
import type { Case, Closing, Place, Verdict } from './case.ts';
import { openSandboxPlace, type SandboxPlace } from './places/sandbox-place.ts';
import type { Subject } from './subjects/subject.ts';
import { tryPart } from './try-cases.ts';

/** What a whole group is tried on. */
export type Grounds = {
  /** An empty folder, removed by whoever made it. */
  root: string;
  /** The sandbox under attack, made over a data folder. */
  subject: (dataDir: string) => Subject;
  chosen: (one: Chosen) => boolean;
};

/** What a case is chosen by. */
export type Chosen = Pick<Case<Place>, 'id' | 'perilous' | 'slow'>;

export type Group = (grounds: Grounds) => Promise<Verdict[]>;

/** A group of cases that are tried on one sandbox after the other. */
export const onSandbox =
  (cases: Case<SandboxPlace>[]): Group =>
  ({ root, subject, chosen }) => {
    const own = mkdtempSync(join(root, 'group-'));
    const dataDir = join(own, 'data');
    mkdirSync(dataDir);
    const open = (closing: Closing) => openSandboxPlace({ root: own, subject: subject(dataDir), dataDir }, closing);
    return tryPart({ open, cases }, chosen);
  };

/** Cases that any sandbox can be put to; those of file access need the host's own. */
export const sandboxCases = [...fileCases, ...kernelCases, ...processCases];

export const groups: Record<string, Group> = {
  sandbox: onSandbox([...sandboxCases, ...fileAccessCases, ...secondLayerCases]),
  network: onSandbox(noNetworkCases),
};
