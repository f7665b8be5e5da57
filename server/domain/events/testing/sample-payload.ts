import type { z } from 'zod';

type Schema = z.core.$ZodType;

const commit = '0123456789abcdef0123456789abcdef01234567';
/** By the end of a field's name; a number and what one would find there. */
const texts: [RegExp, string][] = [
  [/Id$|^id$/, 'id_01kayv8wfw0000000000000000'],
  [/sha256$|hash$|digest$/i, `${commit}${'0'.repeat(24)}`],
  [/^(commit|base|head|to|from|parent|previous|merged)$/, commit],
  [/(At|until|since|before)$/i, '2026-11-28T12:00:00.000Z'],
  [/^(method)$/, 'GET'],
  [/^(host|domain)$/, 'packages.example.com'],
  [/^(text|detail|note|problem|message)$/, 'first line\nsecond \u0000 \u001b[31m \u202e é 😀'],
  [/^(reason|said)$/, 'a lone surrogate: \ud800'],
];

const textFor = (name: string) => texts.find(([pattern]) => pattern.test(name))?.[1] ?? `a ${name || 'text'}`;
const nth = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

/** Of what may be left out, or be null: whether the nth sample has it. `within`: it is a part of something that may be left out. */
const isThere = (n: number, within: boolean) => n !== 0 && !(n === 2 && within);

/**
 * A payload of the schema: the 0th with nothing but what must be there, the first with all that can be, the second with the
 * least of all that can be, later ones with other words of each fixed set.
 */
export function samplePayload(schema: Schema, n: number, { name = '', within = false } = {}): unknown {
  const at = { name, within };
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      return sampleParts(def.shape, n, within);
    case 'optional':
    case 'default':
      return isThere(n, within) ? samplePayload(def.innerType, n, { name, within: true }) : undefined;
    case 'nullable':
      return isThere(n, within) ? samplePayload(def.innerType, n, { name, within: true }) : null;
    case 'array':
      return optionsOf(def.element).map((option) => samplePayload(option, n, at));
    case 'union':
      return samplePayload(nth(def.options, n), n, at);
    default:
      return sampleOf(def, n, name);
  }
}

function sampleParts(shape: Readonly<Record<string, Schema>>, n: number, within: boolean): object {
  const parts = Object.entries(shape).map(([name, part]) => [name, samplePayload(part, n, { name, within })] as const);
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined));
}

function optionsOf(element: Schema): readonly Schema[] {
  const def = (element as z.core.$ZodTypes)._zod.def;
  return def.type === 'union' ? def.options : [element];
}

function sampleOf(def: z.core.$ZodTypes['_zod']['def'], n: number, name: string): unknown {
  switch (def.type) {
    case 'enum':
      return nth(Object.values(def.entries), n);
    case 'literal':
      return nth(def.values, n);
    case 'string':
      return textFor(name);
    case 'number':
      return 3;
    case 'boolean':
      return n % 2 === 1;
    case 'unknown':
      return { command: 'npm test', b64: [1.5, null, true] };
    case 'record':
      return { type: 'object', properties: { command: { type: 'string' } } };
    default:
      throw new Error(`a sample of the type ${def.type} is not known here`);
  }
}
