import { z } from 'zod';
import { whyCut } from '../../domain/tools/long-arguments.ts';
import type { ToolDefinition } from '../../domain/ports/model.ts';
import type { ToolName } from '../../domain/roles/role-body.ts';
import { toolClasses } from '../../domain/tools/tool-classes.ts';
import type { PreparedCall, Toolbox } from '../ports.ts';
import { askPerson } from './ask-person.ts';
import { browserClick, browserOpen, browserRead, browserScreenshot, browserType } from './browser.ts';
import { capped } from './capped.ts';
import { claimPaths } from './claim-paths.ts';
import { create } from './create.ts';
import { decide } from './decide.ts';
import { fetchUrl } from './fetch-url.ts';
import { find } from './find.ts';
import { handoff } from './handoff.ts';
import { insert } from './insert.ts';
import { jobRead, jobStart, jobStop } from './jobs.ts';
import { plan } from './plan.ts';
import { readOutput } from './read-output.ts';
import { replace } from './replace.ts';
import { reportBlocker } from './report-blocker.ts';
import { requestBudget } from './request-budget.ts';
import { requestScope } from './request-scope.ts';
import { search } from './search.ts';
import { shell } from './shell.ts';
import type { Tool, ToolKit } from './tool.ts';
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
function teach(name: ToolName, problem: string): { problem: string } {
  const shape = JSON.stringify(definition(name).input_schema);
  return { problem: `${name} was not run: ${problem} Its arguments follow this schema: ${shape}` };
}

function unreadable(text: string): string {
  const cut = whyCut(text);
  if (cut !== null) return `${cut}. Send less at once: large files in parts, with create and then insert.`;
  return 'its arguments are not valid JSON (cut off, or wrongly escaped).';
}

function prepareWith<Input>(kit: ToolKit, name: ToolName, { tool, input }: { tool: Tool<Input>; input: unknown }) {
  // Arguments that were no JSON arrive as the text the model wrote.
  if (typeof input === 'string') return teach(name, unreadable(input));
  const parsed = tool.schema.safeParse(input);
  if (!parsed.success) return teach(name, `${parsed.error.issues.map(issueInWords).join('; ')}.`);
  const { effect, idempotent } = toolClasses[name];
  return {
    action: tool.action(parsed.data),
    effect,
    idempotent,
    run: (context) => tool.run(kit, { input: parsed.data, ...context }),
  } satisfies PreparedCall;
}

/** The tools of one run over its sandbox, blobs and desk. Names outside `names` do not exist for it. */
export function bindTools({ names, ...kit }: ToolKit & { names: readonly ToolName[] }): Toolbox {
  return {
    definitions: toolDefinitions(names),
    prepare(name, input) {
      const known = names.find((each) => each === name);
      if (!known)
        return { problem: `There is no tool ${name.slice(0, 100)}. The tools of this run: ${names.join(', ')}.` };
      const prepared = prepareWith<unknown>(kit, known, { tool: tools[known], input });
      if ('problem' in prepared) return prepared;
      const readsOn = names.includes('read_output');
      return { ...prepared, run: async (context) => capped(kit.blobs, await prepared.run(context), readsOn) };
    },
  };
}
