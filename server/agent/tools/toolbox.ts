import { z } from 'zod';
import { whyCut } from '../../domain/tools/long-arguments.ts';
import type { ToolDefinition } from '../../domain/ports/model.ts';
import type { RunMcpTool } from '../../domain/mcp/run-tools.ts';
import type { ToolName } from '../../domain/roles/role-body.ts';
import { toolClasses } from '../../domain/tools/tool-classes.ts';
import type { PreparedCall, Toolbox } from '../ports.ts';
import { askPerson } from './ask-person.ts';
import { browserClick, browserOpen, browserRead, browserScreenshot, browserType } from './browser.ts';
import { capped } from './capped.ts';
import { claimPaths } from './claim-paths.ts';
import { create } from './create.ts';
import { decide } from './decide.ts';
import { delegate } from './delegate.ts';
import { fetchUrl } from './fetch-url.ts';
import { find } from './find.ts';
import { handoff } from './handoff.ts';
import { insert } from './insert.ts';
import { jobRead, jobStart, jobStop } from './jobs.ts';
import { mcpEffect, mcpTool } from './mcp-tool.ts';
import { plan } from './plan.ts';
import { readOutput } from './read-output.ts';
import { report } from './report.ts';
import { replace } from './replace.ts';
import { reportBlocker } from './report-blocker.ts';
import { requestBudget } from './request-budget.ts';
import { requestScope } from './request-scope.ts';
import { search } from './search.ts';
import { shell } from './shell.ts';
import type { FilesKit, Tool, ToolKit } from './tool.ts';
import { view } from './view.ts';

const tools = {
  shell,
  job_start: jobStart,
  job_read: jobRead,
  job_stop: jobStop,
  browser_open: browserOpen,
  browser_read: browserRead,
  browser_click: browserClick,
  browser_type: browserType,
  browser_screenshot: browserScreenshot,
  fetch_url: fetchUrl,
  view,
  create,
  replace,
  insert,
  search,
  find,
  plan,
  claim_paths: claimPaths,
  read_output: readOutput,
  handoff,
  decide,
  ask_person: askPerson,
  request_scope: requestScope,
  request_budget: requestBudget,
  report_blocker: reportBlocker,
  delegate,
  report,
} as const satisfies Record<ToolName, Tool<unknown>>;

function definition(name: ToolName): ToolDefinition {
  const schema = z.toJSONSchema(tools[name].schema, { io: 'input' });
  delete schema.$schema;
  return { name, description: tools[name].description, input_schema: schema };
}

/** The definitions a model gets, in the order of `names`: part of the stable prefix of every call of a run. */
export function toolDefinitions(names: readonly ToolName[]): ToolDefinition[] {
  return names.map(definition);
}

function issueInWords({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

/** What is wrong with a call's arguments and what they should look like. */
function teach({ name, input_schema }: ToolDefinition, problem: string): { problem: string } {
  const shape = JSON.stringify(input_schema);
  return { problem: `${name} was not run: ${problem} Its arguments follow this schema: ${shape}` };
}

function unreadable(text: string): string {
  const cut = whyCut(text);
  if (cut !== null) return `${cut}. Send less at once: large files in parts, with create and then insert.`;
  return 'its arguments are not valid JSON (cut off, or wrongly escaped).';
}

type Known<Input, Kit = ToolKit> = {
  definition: ToolDefinition;
  tool: Tool<Input, Kit>;
  class: Pick<PreparedCall, 'effect' | 'idempotent'>;
};

function prepareWith<Input, Kit>(
  kit: Kit,
  { definition, tool, class: { effect, idempotent } }: Known<Input, Kit>,
  input: unknown,
) {
  // Arguments that were no JSON arrive as the text the model wrote.
  if (typeof input === 'string') return teach(definition, unreadable(input));
  const parsed = tool.schema.safeParse(input);
  if (!parsed.success) return teach(definition, `${parsed.error.issues.map(issueInWords).join('; ')}.`);
  return {
    action: tool.action(parsed.data),
    effect,
    idempotent,
    run: (context) => tool.run(kit, { input: parsed.data, ...context }),
  } satisfies PreparedCall;
}

type Binding = ToolKit & {
  names: readonly ToolName[];
  /** Those of MCP servers. */
  mcp?: readonly RunMcpTool[];
};

/** The tools of one run over its sandbox, servers, blobs and desk. Names outside `names` and `mcp` do not exist for it. */
export function bindTools({ names, mcp = [], ...kit }: Binding): Toolbox {
  const all = [...names, ...mcp.map(({ definition }) => definition.name)];
  const find = (name: string): Known<unknown> | { problem: string } => {
    const own = names.find((each) => each === name);
    if (own) return { definition: definition(own), tool: tools[own], class: toolClasses[own] };
    const remote = mcp.find((each) => each.definition.name === name);
    if (!remote)
      return { problem: `There is no tool ${name.slice(0, 100)}. The tools of this run: ${all.join(', ')}.` };
    if (remote.kind === 'closed') return { problem: `${name} was not called. ${remote.why} Go on without it.` };
    return { definition: remote.definition, tool: mcpTool(remote) as Tool<unknown>, class: mcpEffect(remote) };
  };
  return {
    definitions: [...toolDefinitions(names), ...mcp.map(({ definition }) => definition)],
    prepare(name, input) {
      const known = find(name);
      if ('problem' in known) return known;
      const prepared = prepareWith(kit, known, input);
      if ('problem' in prepared) return prepared;
      const readsOn = names.includes('read_output');
      return { ...prepared, run: async (context) => capped(kit.blobs, await prepared.run(context), readsOn) };
    },
  };
}

const fileTools: Record<'view' | 'create', Tool<unknown, FilesKit>> = { view, create };

/** Of those tools the two for single files, over a sandbox alone: for calls that no run makes. */
export function bindFileTools(kit: FilesKit): Toolbox {
  const names = ['view', 'create'] as const;
  return {
    definitions: toolDefinitions(names),
    prepare(name, input) {
      const own = names.find((each) => each === name);
      if (!own) return { problem: `There is no tool ${name.slice(0, 100)} here.` };
      return prepareWith(kit, { definition: definition(own), tool: fileTools[own], class: toolClasses[own] }, input);
    },
  };
}
