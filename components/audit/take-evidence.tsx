import { PackageCheck } from 'lucide-react';
import { Button } from '../ui/button.tsx';

type Props = { org: string; of: { what: 'change' | 'run'; id: string } };

/** A form of the browser's own; what comes is a download. */
export function TakeEvidence({ org, of: { what, id } }: Props) {
  return (
    <form method="post" action={`/api/orgs/${encodeURIComponent(org)}/evidence`}>
      <input type="hidden" name="what" value={what} />
      <input type="hidden" name="id" value={id} />
      <Button type="submit" native title="What was done and decided, with the part of the log that proves it">
        <PackageCheck aria-hidden className="size-4" />
        Evidence
      </Button>
    </form>
  );
}
