import type { RoleBody } from '../roles/role-body.ts';

/** Which model answers for a role's tier, the same in every org until models become a setting. */
export const modelByTier = {
  strong: 'claude-opus-5-5',
  standard: 'claude-sonnet-5-5',
  small: 'claude-haiku-5-5',
} as const satisfies Record<RoleBody['tier'], string>;
