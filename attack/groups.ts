import type { GitWeakness } from '../server/adapters/code-host/weakness.ts';
import type { Weakness } from '../server/adapters/sandbox/weakness.ts';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { egressHostCases } from './cases/egress-hosts.ts';
import { egressCases } from './cases/egress.ts';
import { fileAccessCases } from './cases/file-access.ts';
import { fileCases } from './cases/files.ts';
import { gitConfigCases } from './cases/git-config.ts';
import { gitDecisionCases } from './cases/git-decisions.ts';
import { gitRemoteCases } from './cases/git-remotes.ts';
import { gitTreeCases } from './cases/git-trees.ts';
import { hiddenCommands } from './cases/hidden-commands.ts';
import { injectionCases } from './cases/injection.ts';
import { kernelCases } from './cases/kernel.ts';
import { noNetworkCases } from './cases/no-network.ts';
import { ownViewCases } from './cases/own-views.ts';
import { policyFileCases } from './cases/policy-files.ts';
import { processCases } from './cases/processes.ts';
import { publishingCommands } from './cases/publishing-commands.ts';
import { secondLayerCases } from './cases/second-layers.ts';
import { sharedLayerCases } from './cases/shared-layers.ts';
import { trick } from './cases/trick.ts';
import { wrappedCommands } from './cases/wrapped-commands.ts';
import type { Case, Closing, Place, Verdict } from './case.ts';
import { openEgressPlace } from './places/egress-place.ts';
import { openGitPlace } from './places/git-place.ts';
import { openPolicyPlace, type PolicyPlace } from './places/policy-place.ts';
import { openSandboxPlace, type SandboxPlace } from './places/sandbox-place.ts';
import { onTenancy } from './tenancy.ts';
import type { Subject } from './subjects/subject.ts';
import { tryPart } from './try-cases.ts';

/** What a whole group is tried on. */
export type Grounds = {
  /** An empty folder, removed by whoever made it. */
  root: string;
  /** The sandbox under attack, made over a data folder. */
  subject: (dataDir: string) => Subject;
  /** What the sandboxes of the cases about a proxy lack; those of the others are the subject's. */
  sandbox: Weakness;
  /** What the host's git lacks. */
  git: GitWeakness;
  chosen: (one: Chosen) => boolean;
};

/** What a case is chosen by. */
export type Chosen = Pick<Case<Place>, 'id' | 'perilous' | 'slow' | 'local'>;

type Group = (grounds: Grounds) => Promise<Verdict[]>;

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
export const sandboxCases = [...fileCases, ...kernelCases, ...processCases, ...ownViewCases];

const gitCases = [...gitConfigCases, ...gitTreeCases, ...gitRemoteCases, ...gitDecisionCases];

const onGit: Group = ({ root, git, chosen }) => {
  const own = mkdtempSync(join(root, 'group-'));
  return tryPart({ open: (closing) => openGitPlace({ root: own, weakness: git }, closing), cases: gitCases }, chosen);
};

const onEgress: Group = ({ root, sandbox, chosen }) => {
  const own = mkdtempSync(join(root, 'group-'));
  const open = (closing: Closing) => openEgressPlace({ root: own, weakness: sandbox }, closing);
  return tryPart({ open, cases: [...egressHostCases, ...egressCases] }, chosen);
};

/** What is tried on the decision, with a sandbox behind it in which what is allowed is run. */
const onPolicy =
  (cases: Case<PolicyPlace>[]): Group =>
  ({ root, subject, chosen }) => {
    const own = mkdtempSync(join(root, 'group-'));
    const dataDir = join(own, 'data');
    mkdirSync(dataDir);
    const open = (closing: Closing) => openPolicyPlace({ root: own, subject: subject(dataDir), dataDir }, closing);
    return tryPart({ open, cases }, chosen);
  };

/** Cases that share their ground; each belongs to a group. */
export const parts: Record<string, { group: string; run: Group }> = {
  sandbox: {
    group: 'sandbox',
    run: onSandbox([...sandboxCases, ...sharedLayerCases, ...fileAccessCases, ...secondLayerCases]),
  },
  git: { group: 'git', run: onGit },
  'no-network': { group: 'network', run: onSandbox(noNetworkCases) },
  egress: { group: 'network', run: onEgress },
  tenancy: { group: 'tenancy', run: onTenancy },
  commands: {
    group: 'commands',
    run: onPolicy([...wrappedCommands, ...hiddenCommands, ...publishingCommands].map(trick)),
  },
  injection: { group: 'injection', run: onPolicy(injectionCases) },
  'policy-files': { group: 'files', run: onPolicy(policyFileCases) },
};

export const groups = [...new Set(Object.values(parts).map(({ group }) => group))];
