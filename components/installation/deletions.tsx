import { dayOf } from '../../server/domain/orgs/org-deletion.ts';
import type { InstallationView } from '../../server/domain/views/installation-view.ts';
import { plural } from '../ui/format.ts';

/** Ids and days: whose they are is in the mails to their owners. */
export function Deletions({ view: { deletions, deletionGraceDays: days } }: { view: InstallationView }) {
  return (
    <>
      {deletions.length === 0 ? (
        <p className="text-ink-2">None.</p>
      ) : (
        <ul aria-label="Deletions" className="flex flex-col divide-y divide-line border-y border-line">
          {deletions.map(({ org, dueAt, held }) => (
            <li key={org} className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2">
              <span className="min-w-0 font-mono text-sm break-all">{org}</span>
              <span className="text-sm text-ink-2">
                {held ? `due on ${dayOf(new Date(dueAt))}, kept by a legal hold` : `goes on ${dayOf(new Date(dueAt))}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="text-sm text-ink-3">
        An owner can undo a deletion for {plural(days, 'day')}; changed by <code>FLEET_DELETION_GRACE_DAYS</code>. One
        that stands here past its day and is not held could not be done: the log of the worker says why.
      </p>
    </>
  );
}
