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
  /** Those that people of the repo say. */
  own: OwnClasses;
  /** Null: nobody has, and Fleet's own patterns hold. */
  confirmed: { version: number; by: string; at: string } | null;
};
