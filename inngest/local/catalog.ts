import type { FunctionSpec } from './registration.ts';

/** The functions of all apps, in memory; the table `engine.function` is what survives. */
export type Catalog = {
  get(id: string): FunctionSpec | null;
  all(): readonly FunctionSpec[];
  triggeredBy(event: string): readonly FunctionSpec[];
  cancelledBy(event: string): readonly FunctionSpec[];
  replace(functions: readonly FunctionSpec[]): void;
};

export function createCatalog(): Catalog {
  let functions: ReadonlyMap<string, FunctionSpec> = new Map();
  const where = (keep: (spec: FunctionSpec) => boolean) => [...functions.values()].filter(keep);
  return {
    get: (id) => functions.get(id) ?? null,
    all: () => where(() => true),
    triggeredBy: (event) => where((spec) => spec.events.includes(event)),
    cancelledBy: (event) => where((spec) => spec.cancel.some((rule) => rule.event === event)),
    replace(next) {
      functions = new Map(next.map((spec) => [spec.id, spec]));
    },
  };
}
