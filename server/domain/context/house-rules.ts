import { toolClassOf } from '../tools/tool-classes.ts';
import { workPath } from '../scope/work-path.ts';
import type { Call } from '../transcript/transcript.ts';

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'));

const field = ({ input }: Call, name: string): string | null => {
  const value = (input as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : null;
};

/** Whether a script names a folder, as a whole word or as the start of a path. */
function mentions(script: string, folder: string): boolean {
  for (let at = script.indexOf(folder); at !== -1; at = script.indexOf(folder, at + 1)) {
    const [before = ' ', after = ' '] = [script[at - 1], script[at + folder.length]];
    if (/[\s'"=:(/]/.test(before) && /[\s'"/;:)&|]/.test(after)) return true;
  }
  return false;
}

function worksIn(call: Call, folder: string): boolean {
  const path = workPath(field(call, 'path') ?? '');
  if (path !== null && (path === folder || path.startsWith(`${folder}/`))) return true;
  const command = toolClassOf(call.tool)?.risk === 'runs_commands' ? field(call, 'command') : null;
  return command !== null && mentions(command, folder);
}

/** Of files with house rules, those that hold where these calls worked: the outermost folder first. Pure. */
export function rulesTouched(rules: readonly string[], calls: readonly Call[]): string[] {
  const depth = (path: string) => path.split('/').length;
  return rules
    .filter((rule) => calls.some((call) => worksIn(call, folderOf(rule))))
    .toSorted((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}
