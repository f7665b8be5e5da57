import type { Brief, Instructions } from '../../server/agent/prompts/brief.ts';
import type { CodeHost } from '../../server/domain/ports/code-host.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { reviewMaterialOf } from './review-material.ts';
import { reworkOf } from './rework.ts';
import type { Worker } from './worker.ts';

/** Files of a repository that speak to whoever works in it. */
const instructionFiles = ['AGENTS.md', 'CLAUDE.md'];
const mostInstructionFiles = 500;

type Briefing = { orgId: string; file: RunFile; turns: number };

/** Everything a run is told at its start; read once, then kept verbatim in `run.started`. */
export async function briefOf(worker: Worker, { orgId, file, turns }: Briefing): Promise<Brief> {
  const { run, role, roleName, stageAttempt, repo, task, input } = file;
  const { name, defaultBranch, testCommand } = repo;
  const { number, title, body, acceptance, scope } = task;
  const reviews = role.contract === 'review';
  return {
    role: roleName,
    body: role,
    round: stageAttempt.attempt,
    repo: { name, defaultBranch, testCommand },
    task: { number, title, body, acceptance, scope },
    limits: { seconds: run.secondsLimit, costMicros: Number(run.costLimit), turns },
    ...(await houseRulesAt(worker.codeHost, { mirror: repo.id, commit: input.start })),
    rework: reviews ? null : await reworkOf(worker, { orgId, file }),
    review: reviews ? await reviewMaterialOf(worker, { orgId, file }) : null,
  };
}

/** The rules at the root of a commit, and where further ones lie. */
async function houseRulesAt(codeHost: CodeHost, at: { mirror: string; commit: string }) {
  const paths = await codeHost.pathsNamed({ ...at, names: instructionFiles, most: mostInstructionFiles });
  const instructions: Instructions[] = [];
  for (const path of instructionFiles.filter((name) => paths.includes(name))) {
    const bytes = await codeHost.fileAt({ ...at, path });
    if (bytes) instructions.push({ path, text: new TextDecoder().decode(bytes) });
  }
  return { instructions, nested: paths.filter((path) => path.includes('/')) };
}
