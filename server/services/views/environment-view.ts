import { standingOf } from '../../domain/runs/standing.ts';
import { environmentReport } from '../../domain/setup/environment.ts';
import { readSetup } from '../../domain/setup/repo-setup.ts';
import { settingsDigest } from '../../domain/setup/setup-key.ts';
import type { EnvironmentCheckView } from '../../domain/views/repo-views.ts';

type CheckRow = {
  id: string;
  repoId: string;
  commit: string | null;
  settings: string;
  status: EnvironmentCheckView['status'];
  report: unknown;
  leaseUntil: Date | null;
  createdAt: Date;
  endedAt: Date | null;
};
type Repo = { testCommand: string; setup: unknown };

export function environmentView(row: CheckRow, { repo, now }: { repo: Repo; now: Date }): EnvironmentCheckView {
  const { id, repoId, commit, status, leaseUntil, createdAt: since } = row;
  const standing = standingOf({ kind: 'environment-check', status, leaseUntil, waits: null, since }, now);
  const settings = settingsDigest({ testCommand: repo.testCommand, setup: readSetup(repo.setup) });
  return {
    id,
    repoId,
    commit: commit === '' ? null : commit,
    status,
    current: row.settings === settings,
    report: environmentReport.parse(row.report),
    waits: standing.over ? null : standing.waits,
    createdAt: since.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
