import type { OrgTx, StaleWork } from '../../db/connect.ts';
import { waits, type Waits } from '../../domain/runs/run-state.ts';
import type { Work } from '../../domain/runs/standing.ts';

/** A row as `standingOf` judges it; null when it is not there. */
export async function readWork(db: OrgTx, { orgId, kind, id }: StaleWork): Promise<Work | null> {
  const where = { orgId_id: { orgId, id } };
  switch (kind) {
    case 'run': {
      const row = await db.run.findUnique({ where });
      if (!row) return null;
      const { status, leaseUntil } = row;
      return { kind, status, leaseUntil, waits: read(row.waits), since: row.progressAt ?? row.createdAt };
    }
    case 'stage-attempt': {
      const row = await db.stageAttempt.findUnique({ where });
      if (!row) return null;
      const { status, leaseUntil, startedAt: since } = row;
      return { kind, does: row.kind, status, leaseUntil, waits: null, since };
    }
    case 'environment-check': {
      const row = await db.environmentCheck.findUnique({ where });
      return row && { kind, status: row.status, leaseUntil: row.leaseUntil, waits: null, since: row.createdAt };
    }
    case 'mcp-trial':
      return readTrialWork(db, { orgId, id });
    case 'pipeline-run': {
      const row = await db.pipelineRun.findUnique({ where });
      return row && { kind, status: row.status, leaseUntil: null, waits: read(row.waits), since: row.updatedAt };
    }
    case 'approval':
      return readApprovalWork(db, { orgId, id });
  }
}

type Of = { orgId: string; id: string };

async function readApprovalWork(db: OrgTx, { orgId, id }: Of): Promise<Work | null> {
  const row = await db.approval.findUnique({ where: { orgId_id: { orgId, id } } });
  return row && { kind: 'approval', status: row.status, expiresAt: row.expiresAt, since: row.createdAt };
}

async function readTrialWork(db: OrgTx, { orgId, id }: Of): Promise<Work | null> {
  const row = await db.mcpServer.findUnique({ where: { orgId_id: { orgId, id } } });
  const asked = row?.askedAt ?? null;
  return row && { kind: 'mcp-trial', status: asked ? 'asked' : 'answered', since: asked ?? row.updatedAt };
}

function read(stored: unknown): Waits | null {
  return stored === null ? null : waits.parse(stored);
}
