import { z } from 'zod';

export const roleName = z
  .string()
  .trim()
  .max(40, 'A role has at most 40 letters in its name.')
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u, 'Name it in lower-case letters, digits and single dashes.');
