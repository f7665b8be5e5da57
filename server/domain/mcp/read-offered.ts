import { z } from 'zod';
import { definitionHash } from '../roles/definition-hash.ts';
import { modelNameOf, type McpRisk, type OfferedTool } from './mcp-server.ts';

const mostDescription = 2_000;
const mostSchema = 16_000;
/** More tools than a model should be shown, and far more than a list that was made to drown the rest. */
export const mostOffered = 128;

/** A list of tools as servers send it; what else they say in it is nobody's business here. */
export const rawTool = z.looseObject({
  name: z.string().min(1).max(200),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  annotations: z
    .looseObject({ readOnlyHint: z.boolean().optional(), destructiveHint: z.boolean().optional() })
    .optional(),
});
type RawTool = z.infer<typeof rawTool>;

/** Nothing in it that a person would not see: no control characters, no marks of direction, no invisible letters. */
function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\n\t]+/gu, ' ')
    .replaceAll(/\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}|\u2028|\u2029/gu, '');
}

function visibleIn(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return visible(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 40) return null;
  if (Array.isArray(value)) return value.map((each) => visibleIn(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [visible(key), visibleIn(each, depth + 1)]));
}

function problemOf(server: string, { name, inputSchema }: RawTool): string | null {
  if (!/^[a-zA-Z0-9_-]{1,64}$/u.test(modelNameOf(server, name))) {
    return 'Its name is too long for a model, or has other characters than letters, digits, _ and -.';
  }
  if (inputSchema['type'] !== 'object') return 'Its arguments are no object.';
  return JSON.stringify(inputSchema).length > mostSchema ? `Its schema has over ${mostSchema} characters.` : null;
}

/** What it says of itself, the worst where it says nothing: a hint, which a person confirms or corrects. */
function hinted({ annotations }: RawTool): McpRisk {
  if (annotations?.readOnlyHint === true) return 'reads';
  return annotations?.destructiveHint === false ? 'writes' : 'destroys';
}

/** A server's tool as people and models may be shown it. The same description has the same hash, down to what was cut away. */
export function readOffered(server: string, raw: RawTool): OfferedTool {
  const { name, description = '', inputSchema } = raw;
  const problem = problemOf(server, raw);
  const words = visible(description);
  return {
    name: visible(name).slice(0, 200),
    description: words.length > mostDescription ? `${words.slice(0, mostDescription)}…` : words,
    inputSchema: problem === null ? (visibleIn(inputSchema) as Record<string, unknown>) : {},
    hash: definitionHash({ name, description, inputSchema }),
    risk: hinted(raw),
    problem,
  };
}
