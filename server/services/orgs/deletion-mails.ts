import { dayOf } from '../../domain/orgs/org-deletion.ts';
import type { Mail } from '../../domain/ports/mailer.ts';

type Words = Omit<Mail, 'to'>;
type Org = { name: string; slug: string };

const oneLine = (text: string) => text.replace(/\s+/g, ' ');

export function deletionRequested(
  { name, slug }: Org,
  { publicUrl, by, dueAt }: { publicUrl: string; by: string; dueAt: Date },
): Words {
  const org = oneLine(name);
  return {
    subject: 'An org of yours on Fleet is to be deleted',
    text: [
      `${by} asked for the org ${org} on Fleet at ${publicUrl} to be deleted. You get this mail as one of its owners.`,
      '',
      `Its runs were stopped and nothing new is started. On ${dayOf(dueAt)} all of it goes and cannot be brought back: tasks, changes, secrets, the audit log.`,
      'Until then any owner can undo this, and take the log along, here:',
      '',
      `${publicUrl}/${slug}/settings/danger`,
    ].join('\n'),
  };
}

export function deletionUndone({ name, slug }: Org, { publicUrl, by }: { publicUrl: string; by: string }): Words {
  return {
    subject: 'An org of yours on Fleet stays',
    text: [
      `${by} undid the deletion of the org ${oneLine(name)} on Fleet. It stays as it was; runs that were stopped stay stopped.`,
      '',
      `${publicUrl}/${slug}`,
    ].join('\n'),
  };
}

/** `note`: the last signed head of its log, which is all that is left. */
export function orgDeleted({ name }: Org, { note, at }: { note: string; at: Date }): Words {
  return {
    subject: 'An org of yours on Fleet was deleted',
    text: [
      `The org ${oneLine(name)} on Fleet was deleted on ${dayOf(at)}, as its owners had asked. Nothing of it can be brought back.`,
      '',
      'Keep this with an exported log of it: it is the signed head where the log ended, by which anybody can tell that the export is all of it.',
      '',
      note,
    ].join('\n'),
  };
}
