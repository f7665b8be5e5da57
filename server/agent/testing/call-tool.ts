import type { ToolName } from '../../domain/roles/role-body.ts';
import { toolNames } from '../../domain/roles/role-body.ts';
import type { Desk, PreparedCall, ToolResult } from '../ports.ts';
import type { Browser } from '../../domain/ports/browser.ts';
import type { Web } from '../../domain/ports/web.ts';
import { bindTools } from '../tools/toolbox.ts';
import { JobBoard } from '../job-board.ts';
import { testClock } from './test-clock.ts';
import { acceptingDesk, memoryBlobs, noBrowser, noServers, noWeb } from './harness.ts';
import { memorySandbox, type MemorySandbox } from './memory-sandbox.ts';

const { signal } = new AbortController();

type Kit = { sandbox?: MemorySandbox; desk?: Desk; jobs?: JobBoard; browser?: Browser; web?: Web };

export const boardOf = (sandbox: MemorySandbox, clock = testClock({ skips: 120_000 })) =>
  new JobBoard({ sandbox, clock, before: 0 });

/** One call of one tool, without loop and policy. Throws what the model would be taught. */
export async function callTool(tool: ToolName, input: unknown, kit: Kit = {}) {
  const { sandbox = memorySandbox(), desk = acceptingDesk(), browser = noBrowser, web = noWeb } = kit;
  const jobs = kit.jobs ?? boardOf(sandbox);
  const blobs = memoryBlobs();
  const prepared = bindTools({
    ...{ sandbox, jobs, browser, web, blobs, desk },
    servers: noServers,
    names: toolNames,
  }).prepare(tool, input);
  if ('problem' in prepared) throw new Error(prepared.problem);
  const result: ToolResult = await prepared.run({ callId: 'c1', signal, outputs: [] });
  return { ...result, blobs, action: (prepared as PreparedCall).action };
}
