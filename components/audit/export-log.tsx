import { Download } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input, Select } from '../ui/input.tsx';

/** A form of the browser's own: what comes is a download, written to disk as it is read. */
export function ExportLog({ org }: { org: string }) {
  return (
    <form
      method="post"
      action={`/api/orgs/${encodeURIComponent(org)}/export`}
      className="grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_180px_auto]"
    >
      <Field
        label="Only what passes"
        optional
        hint="Such as kind:approval.* repo:shop after:30d. Without it the whole log is exported."
      >
        {(wiring) => <Input {...wiring} name="filter" mono maxLength={1000} autoComplete="off" spellCheck={false} />}
      </Field>
      <Field label="As">
        {(wiring) => (
          <Select {...wiring} name="form">
            <option value="jsonl">JSONL, to verify</option>
            <option value="csv">CSV, for tables</option>
          </Select>
        )}
      </Field>
      <Button type="submit" className="sm:mt-[27px]">
        <Download aria-hidden className="size-4" />
        Export
      </Button>
    </form>
  );
}
