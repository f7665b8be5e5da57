import {
  Camera,
  CircleHelp,
  Download,
  FilePen,
  FilePlus,
  FileText,
  FolderSearch,
  Gauge,
  Gavel,
  Globe,
  KeyRound,
  ListTodo,
  Lock,
  MousePointerClick,
  OctagonAlert,
  PackageCheck,
  Plug,
  Search,
  SquarePlay,
  SquareTerminal,
  SquareX,
  TextCursorInput,
  Users,
  Wrench,
  type LucideIcon,
} from 'lucide-react';
import { readModelName } from '../../server/domain/mcp/mcp-server.ts';
import type { ToolName } from '../../server/domain/roles/role-body.ts';

type Input = Record<string, unknown>;
type Words = { icon: LucideIcon; verb: string; target: (input: Input) => string };

const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
const path = (input: Input): string => text(input.path);

const words: Record<ToolName, Words> = {
  shell: { icon: SquareTerminal, verb: 'Run', target: (input) => text(input.command) },
  job_start: { icon: SquarePlay, verb: 'Start job', target: (input) => text(input.command) },
  job_read: { icon: SquareTerminal, verb: 'Read job', target: (input) => text(input.id) || 'all' },
  job_stop: { icon: SquareX, verb: 'Stop job', target: (input) => text(input.id) },
  browser_open: { icon: Globe, verb: 'Open page', target: (input) => text(input.url) },
  browser_read: { icon: Globe, verb: 'Read page', target: () => '' },
  browser_click: { icon: MousePointerClick, verb: 'Click', target: (input) => `element ${text(input.element)}` },
  browser_type: {
    icon: TextCursorInput,
    verb: 'Fill in',
    target: (input) => `element ${text(input.element)}: ${text(input.text)}`,
  },
  browser_screenshot: { icon: Camera, verb: 'Screenshot', target: ({ whole }) => (whole === true ? 'whole page' : '') },
  fetch_url: { icon: Download, verb: 'Fetch', target: (input) => text(input.url) },
  view: { icon: FileText, verb: 'Read', target: (input) => path(input) + lines(input) },
  create: { icon: FilePlus, verb: 'Create', target: path },
  replace: { icon: FilePen, verb: 'Edit', target: path },
  insert: { icon: FilePen, verb: 'Insert into', target: path },
  search: {
    icon: Search,
    verb: 'Search',
    target: (input) => `${text(input.pattern)}${input.path ? ` in ${path(input)}` : ''}`,
  },
  read_output: { icon: FileText, verb: 'Read on in', target: (input) => text(input.id) + lines(input) },
  find: {
    icon: FolderSearch,
    verb: 'Find',
    target: (input) => `${text(input.glob)}${input.path ? ` in ${path(input)}` : ''}`,
  },
  plan: { icon: ListTodo, verb: 'Plan', target: ({ items }) => (Array.isArray(items) ? `${items.length} steps` : '') },
  claim_paths: {
    icon: Lock,
    verb: 'Reserve',
    target: ({ paths }) => (Array.isArray(paths) ? paths.map(text).join(', ') : ''),
  },
  request_scope: {
    icon: KeyRound,
    verb: 'Ask for scope',
    target: ({ paths, hosts, commands, tools }) =>
      [paths, hosts, commands, tools]
        .flatMap((each) => each ?? [])
        .map(text)
        .join(', '),
  },
  request_budget: {
    icon: Gauge,
    verb: 'Ask for budget',
    target: (input) => `${text(input.amount)} ${text(input.unit)}`,
  },
  report_blocker: { icon: OctagonAlert, verb: 'Blocked', target: (input) => text(input.needs) },
  delegate: { icon: Users, verb: 'Ask a helper', target: (input) => text(input.question) },
  report: { icon: PackageCheck, verb: 'Answer', target: (input) => text(input.answer) },
  handoff: { icon: PackageCheck, verb: 'Hand off', target: (input) => text(input.summary) },
  decide: { icon: Gavel, verb: 'Decide', target: (input) => text(input.decision).replace('_', ' ') },
  ask_person: { icon: CircleHelp, verb: 'Ask', target: (input) => text(input.question) },
};

function lines(input: Input): string {
  if (typeof input.start_line !== 'number') return '';
  return `:${input.start_line}${typeof input.end_line === 'number' ? `–${input.end_line}` : ''}`;
}

/** A tool call in one line. The input came from a model: any shape is possible. */
export function callWords(tool: string, input: unknown): { icon: LucideIcon; verb: string; target: string } {
  const known = Object.hasOwn(words, tool) ? words[tool as ToolName] : undefined;
  const fields = typeof input === 'object' && input !== null ? (input as Input) : {};
  const mcp = readModelName(tool);
  if (mcp) return { icon: Plug, verb: `Call ${mcp.server}`, target: mcp.tool };
  if (!known) return { icon: Wrench, verb: tool, target: '' };
  return { icon: known.icon, verb: known.verb, target: known.target(fields).replace(/\s+/g, ' ').trim() };
}
