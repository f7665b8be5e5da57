import { withOwnEntries, type OwnClasses } from '../scope/own-classes.ts';
import type { Layer, LayerRule } from './policy.ts';

function ofRepo(rule: LayerRule, classes: OwnClasses): LayerRule {
  if (rule.on !== 'read' && rule.on !== 'write') return rule;
  const own = (entries: readonly string[]) => withOwnEntries(entries, classes);
  const { paths, except } = rule;
  const lists = { ...(paths && { paths: own(paths) }), ...(except && { except: own(except) }) };
  if (rule.on === 'read') return { ...rule, ...lists };
  const { outside } = rule;
  return {
    ...rule,
    ...lists,
    ...(outside && { outside: { paths: own(outside.paths), except: own(outside.except) } }),
  };
}

/** Layers as they speak of one repo: where a rule names a class, what its people have added to it is meant too. */
export function repoLayers(layers: readonly Layer[], classes: OwnClasses): readonly Layer[] {
  const each = (rules: readonly LayerRule[]) => rules.map((rule) => ofRepo(rule, classes));
  return layers.map((layer) => ({ ...layer, limits: each(layer.limits), defaults: each(layer.defaults) }));
}
