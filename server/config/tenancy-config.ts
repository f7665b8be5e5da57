import { z } from 'zod';
import type { SignUpPolicy } from '../domain/authz/sign-up.ts';
import { defaultGraceDays } from '../domain/orgs/org-deletion.ts';
import { isMailDomain } from '../domain/sso/mail-domain.ts';

const words = ['open', 'invited', 'closed'];
const domainsOf = (text: string) => text.split(',').map((each) => each.trim().toLowerCase());

/** What the operator decides about who comes in and how orgs go. */
export const tenancyEnvironment = {
  FLEET_SIGN_UP: z
    .string()
    .refine((text) => words.includes(text) || domainsOf(text).every(isMailDomain), {
      message: 'must be open, invited, closed, or domains such as example.com,example.org',
    })
    .default('open'),
  FLEET_DELETION_GRACE_DAYS: z.coerce
    .number('must be a number of days')
    .int('must be a whole number of days')
    .min(1, 'must be at least 1')
    .max(365, 'must be at most 365')
    .default(defaultGraceDays),
};

export type TenancyConfig = { signUp: SignUpPolicy; deletionGraceDays: number };
type Read = z.infer<z.ZodObject<typeof tenancyEnvironment>>;

export function tenancyConfig({ FLEET_SIGN_UP: text, FLEET_DELETION_GRACE_DAYS: days }: Read): TenancyConfig {
  const kind = (['open', 'invited', 'closed'] as const).find((word) => word === text);
  return { signUp: kind ? { kind } : { kind: 'domains', domains: domainsOf(text) }, deletionGraceDays: days };
}

/** The same for a process that this one starts. */
export function tenancyVariables({ signUp, deletionGraceDays }: TenancyConfig): Record<string, string> {
  return {
    FLEET_SIGN_UP: signUp.kind === 'domains' ? signUp.domains.join(',') : signUp.kind,
    FLEET_DELETION_GRACE_DAYS: String(deletionGraceDays),
  };
}
