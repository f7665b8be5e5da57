import type { Bus } from '../../inngest/bus/events.ts';
import type { Database } from '../db/connect.ts';
import type { AuditKeys } from '../domain/ports/audit-keys.ts';
import type { SignUpPolicy } from '../domain/authz/sign-up.ts';
import type { AskProvider } from '../domain/ports/ask-provider.ts';
import type { AskSandboxService } from '../domain/ports/ask-sandbox-service.ts';
import type { FindOidc } from '../domain/ports/find-oidc.ts';
import type { TxtRecords } from '../domain/ports/txt-records.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { CodeHost } from '../domain/ports/code-host.ts';
import type { Mailer } from '../domain/ports/mailer.ts';
import type { ModelKeyCheck } from '../domain/ports/model-key-check.ts';
import type { Placing } from '../domain/ports/placing.ts';
import type { SampleRemote } from '../domain/ports/sample-remote.ts';
import type { SecretBoxes } from '../domain/ports/secret-box.ts';
import type { EnginesView, InstallationView } from '../domain/views/installation-view.ts';
import type { LiveFeed } from '../services/runs/live-feed.ts';
import type { RightsWatch } from './watch-rights.ts';

type GithubApp = { clientId: string; clientSecret: string; url: string; apiUrl: string };

/** The parts of the web process. Made once by openWeb; a test makes its own. */
export type Web = {
  database: Database;
  feed: LiveFeed;
  rights: RightsWatch;
  bus: Bus;
  codeHost: CodeHost;
  placing: Placing;
  engines(): Promise<EnginesView>;
  sampleRemote: SampleRemote;
  secretBoxes: SecretBoxes;
  auditKeys: AuditKeys;
  checkModelKey: ModelKeyCheck;
  askProvider: AskProvider;
  askSandboxService: AskSandboxService;
  /** Calls the issuer: for whoever names one. */
  findOidc: FindOidc;
  /** The same for everybody who signs in: calls it once in a while. */
  signInOidc: FindOidc;
  txtRecords: TxtRecords;
  mailer: Mailer;
  clock: Clock;
  /** Aborts when the process is asked to stop; every open stream ends on it. */
  closing: AbortSignal;
  settings: {
    /** Without a trailing slash. */
    publicUrl: string;
    authSecret: string;
    /** A model key in the server's environment, for orgs without their own. */
    environmentModelKey: boolean;
    /** Mail goes to the outbox page, because neither SMTP nor a public URL is configured. */
    outbox: boolean;
    /** The operator's OAuth app on GitHub; null: nobody signs in by GitHub. */
    github: GithubApp | null;
    mail: InstallationView['mail'];
    /** Who may have an account here that has none yet. */
    signUp: SignUpPolicy;
    /** How long the deletion of an org can be undone. */
    deletionGraceDays: number;
    /** For how many days every org keeps its records at least. */
    recordDays: number;
    /** Hosts that the operator vouches for. */
    internalHosts: readonly string[];
  };
  /** Tells the operator's log of a failure that people only get a general sentence about. */
  report(error: unknown, where: string): void;
};
