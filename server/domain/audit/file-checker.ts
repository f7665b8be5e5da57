import { ExcerptLogChecker } from './excerpt-log-checker.ts';
import type { ExportedLine } from './exported-log.ts';
import { LogChecker } from './log-checker.ts';
import type { CheckOptions, LogVerdict } from './log-checker.ts';

/** Checks the lines of an exported log or of an excerpt of one, whichever the first line says it is. */
export function fileChecker(options: CheckOptions): { take(line: ExportedLine): void; end(): LogVerdict } {
  let checker: LogChecker | ExcerptLogChecker | null = null;
  return {
    take(line) {
      checker ??= line.type === 'excerpt' ? new ExcerptLogChecker(options) : new LogChecker(options);
      checker.take(line);
    },
    end: () => (checker ?? new LogChecker(options)).end(),
  };
}
