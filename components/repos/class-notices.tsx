import type { ClassesView } from '../../server/domain/views/classes-view.ts';
import { count, plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';

/** What is not known of how many files a class has. */
export function ClassNotices({ view: { fileProblem, counted, total } }: { view: ClassesView }) {
  return (
    <>
      {fileProblem !== null && (
        <Notice look="warn" title="Its files cannot be counted now">
          {fileProblem}
        </Notice>
      )}
      {counted < total && (
        <Notice>
          The first {count(counted)} of {plural(total, 'file')} were counted.
        </Notice>
      )}
    </>
  );
}
