import type { z } from 'zod';

// What a schema lets a payload look like, as a list of traits such as `outcome=ok`, `content[]|2.extra` or `verdict.who (left out)`.
// A set of payloads that has all traits of a schema breaks when one of them is taken away.

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];

const defOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def;
const leftOut = (path: string) => `${path} (left out)`;
const isNull = (path: string) => `${path} (null)`;
const notNull = (path: string) => `${path} (not null)`;

/** Every trait that a payload of the schema can have. */
export function traitsOf(schema: Schema, path = ''): string[] {
  const def = defOf(schema);
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, part]) => [
        `${path}.${key}`,
        ...traitsOf(part, `${path}.${key}`),
      ]);
    case 'optional':
    case 'default':
      return [leftOut(path), ...traitsOf(def.innerType, path)];
    case 'nullable':
      return [isNull(path), notNull(path), ...traitsOf(def.innerType, path)];
    case 'array':
      return traitsOf(def.element, `${path}[]`);
    case 'enum':
      return Object.values(def.entries).map((value) => `${path}=${value}`);
    case 'literal':
      return def.values.map((value) => `${path}=${String(value)}`);
    case 'union':
      return def.options.flatMap((option, n) => traitsOf(option, `${path}|${n}`));
    default:
      return plain(def);
  }
}

/** A kind of schema that nobody has thought of here is no schema without traits. */
function plain(def: Def): [] {
  if (['string', 'number', 'boolean', 'unknown', 'record'].includes(def.type)) return [];
  throw new Error(`what a schema of the type ${def.type} can look like is not known here`);
}

/** The traits that this payload of the schema has. */
export function traitsIn(schema: Schema, value: unknown, path = ''): string[] {
  const def = defOf(schema);
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, part]) => {
        const at = `${path}.${key}`;
        const given = (value as Record<string, unknown>)[key];
        return [...(given === undefined ? [] : [at]), ...traitsIn(part, given, at)];
      });
    case 'optional':
    case 'default':
      return value === undefined ? [leftOut(path)] : traitsIn(def.innerType, value, path);
    case 'nullable':
      return value === null ? [isNull(path)] : [notNull(path), ...traitsIn(def.innerType, value, path)];
    case 'array':
      return (value as unknown[]).flatMap((item) => traitsIn(def.element, item, `${path}[]`));
    case 'enum':
    case 'literal':
      return [`${path}=${String(value)}`];
    case 'union':
      return def.options.flatMap((option, n) =>
        (option as z.ZodType).safeParse(value).success ? traitsIn(option, value, `${path}|${n}`) : [],
      );
    default:
      return plain(def);
  }
}
