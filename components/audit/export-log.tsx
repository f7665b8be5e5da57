import { Download } from 'lucide-react';
import { Button } from '../ui/button.tsx';

/** A form of the browser's own: what comes is a download, written to disk as it is read. */
export function ExportLog({ org, filter }: { org: string; filter: string }) {
  return (
    <form
      method="post"
      action={`/api/orgs/${encodeURIComponent(org)}/export`}
      aria-label="Export"
      className="flex flex-wrap items-center gap-2"
    >
      <input type="hidden" name="filter" value={filter} />
      <Button type="submit" native size="small" name="form" value="jsonl">
        <Download aria-hidden className="size-4" />
        JSONL, to verify
      </Button>
      <Button type="submit" native size="small" name="form" value="csv">
        <Download aria-hidden className="size-4" />
        CSV, for tables
      </Button>
    </form>
  );
}
