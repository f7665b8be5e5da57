import { stringify } from 'yaml';
import { z } from 'zod';
import { networkPolicy } from '../network/network-policy.ts';
import { globProblem } from '../scope/glob.ts';
import { isPathClass } from '../scope/path-classes.ts';
import type { RoleBody } from './role-body.ts';

const entry = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .superRefine((text, context) => {
    const isClass = text.startsWith('@') && !text.includes('/');
    const problem = isClass ? (isPathClass(text) ? null : `There is no path class ${text}.`) : globProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });
const line = (most: number) => z.string().trim().min(1).max(most);

/** What people change of a role. Its kind stays what it was; its tools are changed on the page of the tools. */
export const roleEdit = z.strictObject({
  title: line(60),
  purpose: line(2_000),
  rules: z.array(line(600)).max(20),
  write: z.strictObject({ include: z.array(entry).max(100), exclude: z.array(entry).max(100) }),
  tier: z.enum(['strong', 'standard', 'small']),
  secondsLimit: z.int().min(60).max(86_400),
  costLimitMicros: z.int().min(10_000).max(1_000_000_000),
  network: networkPolicy,
});
export type RoleEdit = z.infer<typeof roleEdit>;

/** What is wrong with an edit of a role of this kind, in words; null where nothing is. */
export function editProblem({ contract }: RoleBody, { write }: RoleEdit): string | null {
  if (contract === 'build' || write.include.length === 0) return null;
  return 'A role that reviews or answers writes nothing: leave what it may write empty.';
}

export const editOf = ({
  title,
  purpose,
  rules,
  write,
  tier,
  secondsLimit,
  costLimitMicros,
  network,
}: RoleBody): RoleEdit => ({ title, purpose, rules, write, tier, secondsLimit, costLimitMicros, network });

/** A role as text that two versions can be compared by. */
export function roleText(body: RoleBody): string {
  return stringify(body, { lineWidth: 110, sortMapEntries: false });
}
