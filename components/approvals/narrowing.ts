import { grantedOf, type Granted } from '../../server/domain/approval/granted.ts';
import type { ApprovalSubject } from '../../server/domain/approval/subject.ts';

/** What a person has taken out of a request so far. `files` are single files, one a line, instead of whole patterns. */
export type Cut = { dropped: string[]; files: string; minutes: string; dollars: string };

export const nothingCut: Cut = { dropped: [], files: '', minutes: '', dollars: '' };

/** What would be given, whether that is less than was asked, and why it cannot be. */
export type Narrowing = { granted: Granted | null; narrower: boolean; problem: string | null };

const whole: Narrowing = { granted: null, narrower: false, problem: null };

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function wanted(subject: ApprovalSubject, { dropped, files, minutes, dollars }: Cut): Granted | null {
  if (subject.kind === 'scope') {
    const kept = (entries: string[]) => entries.filter((entry) => !dropped.includes(entry));
    const paths = [...new Set([...kept(subject.paths), ...lines(files)])];
    const tools = subject.tools && { tools: kept(subject.tools) };
    return { kind: 'scope', paths, hosts: kept(subject.hosts), commands: kept(subject.commands), ...tools };
  }
  if (subject.kind !== 'budget' || (minutes.trim() === '' && dollars.trim() === '')) return null;
  const typed = (text: string, unit: number, asked: number) =>
    text.trim() === '' ? asked : Math.round(Number(text) * unit);
  return {
    kind: 'budget',
    addMicros: typed(dollars, 1_000_000, subject.addMicros),
    addSeconds: typed(minutes, 60, subject.addSeconds),
  };
}

const isAmount = ({ addMicros, addSeconds }: { addMicros: number; addSeconds: number }) =>
  addMicros >= 0 && addSeconds >= 0;

export function narrowingOf(subject: ApprovalSubject, cut: Cut): Narrowing {
  const given = wanted(subject, cut);
  if (given === null) return whole;
  if (given.kind === 'budget' && !isAmount(given)) return { ...whole, problem: 'Give plain numbers, or deny it.' };
  const answer = grantedOf(subject, given);
  if ('problem' in answer) return { ...whole, problem: answer.problem };
  const asked = grantedOf(subject, null);
  const narrower = !('granted' in asked) || JSON.stringify(asked.granted) !== JSON.stringify(given);
  return narrower ? { granted: given, narrower, problem: null } : whole;
}

/** The subject as it would be decided: its sentence is what the person agrees to. */
export function narrowed(subject: ApprovalSubject, { granted }: Narrowing): ApprovalSubject {
  return granted === null ? subject : ({ ...subject, ...granted } as ApprovalSubject);
}
