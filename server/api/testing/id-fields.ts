import type { AnyProcedure } from '@trpc/server';
import type { z } from 'zod';

type Def = {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  element?: z.ZodType;
  options?: z.ZodType[];
};

/** Names of things that lie in an org. `lastEventId` is a place in a stream, `use` and `role` are words. */
const isIdField = (name: string) => (name.endsWith('Id') && name !== 'lastEventId') || name === 'subject';

/** The fields of a procedure's input that name something, however deep: `ref.connectionId`. */
export function idFields(procedure: AnyProcedure): string[] {
  const inputs = procedure._def.inputs as z.ZodType[];
  return [...new Set(inputs.flatMap((input) => fieldsOf(input, '')))].sort();
}

function fieldsOf(schema: z.ZodType, path: string): string[] {
  const { type, shape, innerType, element, options } = schema._zod.def as Def;
  if (type === 'object') {
    return Object.entries(shape ?? {}).flatMap(([name, field]) =>
      isIdField(name) ? [path + name] : fieldsOf(field, `${path}${name}.`),
    );
  }
  if (innerType) return fieldsOf(innerType, path);
  if (element) return fieldsOf(element, path);
  return (options ?? []).flatMap((option) => fieldsOf(option, path));
}
