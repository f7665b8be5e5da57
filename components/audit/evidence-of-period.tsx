import { PackageCheck } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';

/** The evidence of all that was worked on from one day up to another. */
export function EvidenceOfPeriod({ org }: { org: string }) {
  return (
    <form
      method="post"
      action={`/api/orgs/${encodeURIComponent(org)}/evidence`}
      className="flex flex-wrap items-end gap-3"
    >
      <input type="hidden" name="what" value="period" />
      <Field label="From" className="w-44">
        {(wiring) => <Input {...wiring} type="date" name="after" required />}
      </Field>
      <Field label="Up to, without" className="w-44">
        {(wiring) => <Input {...wiring} type="date" name="before" required />}
      </Field>
      <Button type="submit" native>
        <PackageCheck aria-hidden className="size-4" />
        Evidence
      </Button>
    </form>
  );
}
