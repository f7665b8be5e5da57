import type { ChangedPath, DiffStat } from '../ports/code-host.ts';
import type { EventView } from './views.ts';

/** What a stretch of a run's time holds; stretches in which nothing happened are left out. */
export type AxisBucket = {
  /** Which stretch of the span, from 0. */
  index: number;
  firstSeq: number;
  lastSeq: number;
  /** The last turn that had begun when it ended, null before the first. */
  turn: number | null;
  messages: number;
  tools: number;
  /** Of the tool calls that ended in it, those that did not do what was asked. */
  failed: number;
  /** What the run had cost when it ended. */
  costMicros: number;
  /** How far the work tree was from its start then; null where no tree was kept in it, or it is gone. */
  size: DiffStat | null;
};

/** A run over one span of time, in `buckets` stretches of equal length. */
export type RunAxisView = {
  from: string;
  to: string;
  buckets: number;
  filled: AxisBucket[];
  /** The whole run: its first and last event so far. */
  first: string;
  last: string;
  headSeq: number;
};

/** Events of a run that follow each other; `headSeq` is the last there is. Begins with the first event of a turn, or of the log. */
export type RunPageView = { events: EventView[]; headSeq: number };

/** What is said of a run as a whole: its beginning and end, its commits and jobs, and its plan as last written. */
export type RunDigestView = { events: EventView[]; headSeq: number };

/** The files as they were when a turn ended. */
export type RunFilesView = {
  /** The turn whose tree it is: the latest kept one up to the turn that was asked for. */
  turn: number;
  commit: string;
  /** Against where the run started. */
  changed: Pick<ChangedPath, 'path' | 'status' | 'symlink'>[];
  moreChanged: boolean;
  /** Other files of the tree whose path has what was asked for in it. */
  others: string[];
  moreOthers: boolean;
  leftOut: string[];
};

/** A file as it was when a turn ended. `text` is null where it is no text. */
export type RunFileView = { path: string; turn: number; text: string | null; bytes: number; cut: boolean };
