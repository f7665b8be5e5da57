import { isMap, isSeq, parseDocument, type Document } from 'yaml';

const lists = ['limits', 'defaults'] as const;
export type RuleList = (typeof lists)[number];

const read = (text: string) => parseDocument(text, { version: '1.2', schema: 'core' });
/** Long lines stay as they were: where a line breaks is the writer's. */
const written = (document: Document) => document.toString({ lineWidth: 0 });

/** Where a rule stands, by its id. */
function placeOf(document: Document, id: string): { list: RuleList; at: number } | null {
  for (const list of lists) {
    const rules = document.get(list);
    if (!isSeq(rules)) continue;
    const at = rules.items.findIndex((each) => isMap(each) && each.get('id') === id);
    if (at >= 0) return { list, at };
  }
  return null;
}

function removeAt(document: Document, { list, at }: { list: RuleList; at: number }): void {
  document.deleteIn([list, at]);
  const left = document.get(list);
  if (isSeq(left) && left.items.length === 0) document.delete(list);
}

/**
 * The policy with one rule written anew, in its place or at the end of its list. All else stays, with its comments,
 * though blanks may be set otherwise; comments within the rule that is written anew go.
 */
export function putRule(
  text: string,
  { list, was, rule }: { list: RuleList; was: string | null; rule: Record<string, unknown> },
): string {
  const document = read(text);
  const node = document.createNode(rule, { aliasDuplicateObjects: false });
  const place = was === null ? null : placeOf(document, was);
  if (place?.list === list) document.setIn([list, place.at], node);
  else {
    if (place) removeAt(document, place);
    const rules = document.get(list);
    if (isSeq(rules)) rules.add(node);
    else document.set(list, document.createNode([rule], { aliasDuplicateObjects: false }));
  }
  return written(document);
}

export function dropRule(text: string, id: string): string {
  const document = read(text);
  const place = placeOf(document, id);
  if (place === null) return text;
  removeAt(document, place);
  return written(document);
}

/** A value of the policy itself, such as its preset; null takes it out. */
export function setValue(
  text: string,
  at: readonly string[],
  value: string | readonly string[] | Readonly<Record<string, string | readonly string[]>> | null,
): string {
  const document = read(text);
  const gone = value === null || (Array.isArray(value) && value.length === 0);
  if (gone) document.deleteIn([...at]);
  else document.setIn([...at], document.createNode(value));
  const [head = ''] = at;
  const left = document.get(head);
  if (isMap(left) && left.items.length === 0) document.delete(head);
  return written(document);
}
