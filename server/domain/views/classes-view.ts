import type { OwnClasses } from '../scope/own-classes.ts';
import type { PathClassName } from '../scope/path-classes.ts';

export type ClassView = {
  name: PathClassName;
  globs: string[];
  except: string[];
  impact: number;
  files: number;
  examples: string[];
};

export type ClassesView = {
  /** Null, with why, where the remote does not answer. */
  commit: string | null;
  fileProblem: string | null;
  total: number;
  counted: number;
  classes: ClassView[];
  /** What people of the repo have added. */
  own: OwnClasses;
  /** Null: nobody has. */
  confirmed: { version: number; by: string; at: string } | null;
};
