import type { Assignment } from 'unbash';
import type { CommandWord } from '../deed.ts';
import { valueOf } from './words.ts';

/** Their values are commands that other programs run. */
const commands =
  /^(?:PAGER|MANPAGER|GIT_PAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SEQUENCE_EDITOR|GIT_SSH_COMMAND|GIT_SSH|GIT_EXTERNAL_DIFF|GIT_ASKPASS|SSH_ASKPASS|GIT_PROXY_COMMAND|LESSOPEN|LESSCLOSE|PROMPT_COMMAND|BROWSER|RUSTC_WRAPPER|CARGO_BUILD_RUSTC_WRAPPER|MAKESHELL)$/u;

/** They bring code into the programs that come after. */
const poison =
  /^(?:LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|DYLD_\w+|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|BASH_FUNC_\w+.*|PS4|PERL5OPT|PERL5LIB|PERL5DB|RUBYOPT|RUBYLIB|PYTHONSTARTUP|PYTHONHOME|PYTHONINSPECT|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|GIT_EXEC_PATH|GIT_TEMPLATE_DIR|GCONV_PATH|npm_config_(?:script_shell|node_options|globalconfig|userconfig)|NPM_CONFIG_(?:SCRIPT_SHELL|NODE_OPTIONS)|SHELL|IFS)$/u;

const gitSettings = /^GIT_(?:CONFIG(?:_\w+)?|DIR|WORK_TREE|CONFIG_PARAMETERS)$/u;
const loadsCode = /(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader)\b/u;

/** What an assignment does to the commands after it. `script`: a command that they will run. */
export type Assigned = { script?: CommandWord; hidden?: string; settings?: true };

/** A folder that holds an installation's programs, or those that the repository's package manager put there. */
const plainFolder = /^(?:\$PATH|\$\{PATH\}|\/usr(?:\/local)?\/s?bin|\/s?bin|(?:.*\/)?node_modules\/\.bin)$/u;

/** `written` is the value as it stands, `value` what it comes to, where that can be told. */
export function readAssignment(name: string, value: CommandWord, written: string): Assigned {
  if (gitSettings.test(name)) return { settings: true };
  if (commands.test(name)) return { script: value };
  if (poison.test(name)) return { hidden: `${name} brings code into the programs that come after` };
  if (name === 'NODE_OPTIONS' && (value === null || loadsCode.test(value)))
    return { hidden: 'NODE_OPTIONS brings code into every node' };
  if (name === 'PATH') {
    const folders = written.replace(/^["']|["']$/gu, '').split(':');
    if (!folders.every((folder) => plainFolder.test(folder)))
      return { hidden: 'PATH makes names of programs stand for others' };
  }
  return {};
}

/** `alias a='b c'`: an argument that is written as an assignment, without its quotes. */
export function assignedWord({ name, value }: Assignment): CommandWord {
  const told = valueOf(value);
  return told === null ? null : `${name}=${told}`;
}
