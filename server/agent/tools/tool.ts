import type { z } from 'zod';
import type { Action } from '../../domain/policy/action.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { Browser } from '../../domain/ports/browser.ts';
import type { McpServers } from '../../domain/ports/mcp.ts';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import type { Web } from '../../domain/ports/web.ts';
import type { JobBoard } from '../job-board.ts';
import type { Desk, ToolResult, WorkGuard } from '../ports.ts';

/** What tools are bound to. */
export type ToolKit = {
  sandbox: Sandbox;
  jobs: JobBoard;
  browser: Browser;
  web: Web;
  servers: McpServers;
  blobs: Blobs;
  desk: Desk;
  /** Absent where nothing that a command writes outlives it. */
  guard?: WorkGuard | undefined;
};

type ToolCall<Input> = { input: Input; callId: string; signal: AbortSignal; outputs: readonly string[] };

/** All that tools for single files need of it. */
export type FilesKit = Pick<ToolKit, 'sandbox'>;

/** A tool is a schema, the action policy decides on, and what it does over the kit's ports. */
export type Tool<Input, Kit = ToolKit> = {
  description: string;
  schema: z.ZodType<Input>;
  action(input: Input): Action;
  run(kit: Kit, call: ToolCall<Input>): Promise<ToolResult>;
};

/** Holds a tool's schema and code together, so that the code sees the schema's type. */
export function tool<Input, Kit = ToolKit>(definition: Tool<Input, Kit>): Tool<Input, Kit> {
  return definition;
}

const result = (outcome: ToolResult['outcome'], text: string): ToolResult => ({
  outcome,
  text,
  exitCode: null,
  droppedBytes: 0,
  blobId: null,
});

export const ok = (text: string) => result('ok', text);

/** A failing tool is an observation: `text` says what happened and what to do instead. */
export const failed = (text: string) => result('error', text);
