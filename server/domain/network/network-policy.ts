import { z } from 'zod';
import { registryNames } from './registries.ts';

/** `example.com`, or `*.example.com` for every name below it and not itself. Lower-case ASCII names only, never addresses. */
export const hostPattern = z
  .string()
  .max(253)
  .regex(
    /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'Write a host name in lower-case letters, digits, dots and dashes, or *.name for the names below it',
  );

/** `/a/b` is exactly that path, `/a/*` everything below `/a/`. */
const pathPattern = z
  .string()
  .max(1000)
  .regex(/^\/[^*?#\s]*\*?$/, 'Write a path that begins with / and has no * except as its last character');

const networkMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** What one rule opens. Absent methods or paths mean all of them. */
const networkRule = z.strictObject({
  host: hostPattern,
  ports: z.array(z.int().min(1).max(65_535)).min(1).max(20).default([443]),
  methods: z.array(z.enum(networkMethods)).min(1).optional(),
  paths: z.array(pathPattern).min(1).max(100).optional(),
});

export type NetworkRule = z.infer<typeof networkRule>;

/** What a sandbox may reach through its proxy. Nothing named, nothing reached. */
export const networkPolicy = z.strictObject({
  registries: z.array(z.enum(registryNames)).max(registryNames.length).default([]),
  rules: z.array(networkRule).max(200).default([]),
});
export type NetworkPolicy = z.infer<typeof networkPolicy>;
