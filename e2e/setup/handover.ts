import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** An org that tests only look at; everything a test changes lives in an org of its own. */
export type Resident = { org: string; orgName: string; cookie: string; taskId: string };

/** What the test processes are told about the installation that was started for them. */
export type Handover = {
  url: string;
  dataDir: string;
  /** Session of the operator, who belongs to the orgs that tests make in his name. */
  operatorCookie: string;
  /** Address of the git server that serves, refuses or asks for a password by repository name. */
  gitUrl: string;
  /** Where the GitHub stands that people sign in with. */
  githubUrl: string;
  /** Where the installation's name server is told what to say. */
  namesUrl: string;
  /** Its task is merged, or on its way there: `settled` waits for it. */
  merged: Resident;
  /** Its task waits for the merge approval, or is on its way there. */
  asked: Resident;
};

const file = '.cache/e2e/handover.json';

export function writeHandover(handover: Handover): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(handover), { mode: 0o600 });
}

export function readHandover(): Handover {
  return JSON.parse(readFileSync(file, 'utf8')) as Handover;
}

export function dropHandover(): void {
  rmSync(file, { force: true });
}
