import type { SignUpPolicy } from '../authz/sign-up.ts';

/** What the operator sees of the installation: nothing of what is in an org, and of those that stay not even which there are. */
export type InstallationView = {
  publicUrl: string;
  database: { answersInMs: number };
  /** Ids of the master keys; two while one takes over from the other. */
  masterKeys: string[];
  mail: 'smtp' | 'outbox' | 'none';
  /** Whether orgs without a model key of their own use the server's. */
  environmentModelKey: boolean;
  places: EnginesView;
  /** Over all orgs. `trusted`: repos that the operator connected, with paths of this machine and its network. */
  counts: { orgs: number; running: number; queued: number; trusted: number };
  signUp: SignUpPolicy;
  deletionGraceDays: number;
  /** Orgs that are about to be deleted, by id: their owners' mails name it. The operator can neither hasten nor undo it. */
  deletions: { org: string; requestedAt: string; dueAt: string; held: boolean }[];
  limits: { callsPerMinute: { key: number; member: number; org: number } };
};

/** Where sandboxes are made. `use`: where those of orgs are that the operator gave no place of their own. */
export type EnginesView = {
  use: string;
  engines: { name: string; address: string; image: boolean; verified: boolean }[];
  /** How many orgs the operator gave a place of their own. */
  placed: number;
  /** Which orgs may share a kernel. */
  trust: 'all' | 'some' | 'nobody';
};
