import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import type { z } from 'zod';

/** What is wrong with a document as it is written; both count from 1. */
export type YamlProblem = { line: number; column: number; message: string };

export type YamlReading<T> = { ok: true; value: T } | { ok: false; problems: YamlProblem[] };

type Place = { line: number; column: number };
type Finder = (offset: number) => Place;

const longest = 256 * 1024;
/** So that a file of nothing but mistakes does not become a page of them. */
const mostProblems = 50;

const yamlWords: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'A line is indented with a tab: use blanks.',
  DUPLICATE_KEY: 'The same key is written twice: what would hold is not said.',
};

/** What YAML allows and we do not: names for values, types of its own, merged keys. */
function oddities(document: Document.Parsed, find: Finder): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, (_key, node) => {
    if (!isNode(node)) return;
    const place = find(node.range?.[0] ?? 0);
    if (isAlias(node) || ('anchor' in node && node.anchor))
      problems.push({
        ...place,
        message: 'Anchors and aliases are not allowed: write each rule out, so that it can be read where it stands.',
      });
    else if (node.tag && !node.tag.startsWith('tag:yaml.org,2002:'))
      problems.push({ ...place, message: `The tag ${node.tag} is not allowed.` });
    if (isScalar(node) && node.value === '<<') problems.push({ ...place, message: 'Merging by << is not allowed.' });
  });
  return problems;
}

/** Where what a path leads to stands, or the nearest that holds it. */
function placeAt(document: Document.Parsed, path: readonly PropertyKey[], find: Finder): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return find(node.range[0]);
  }
  return { line: 1, column: 1 };
}

/** Where an unknown key itself stands, not the map that it is in. */
function keyPlace(document: Document.Parsed, path: readonly PropertyKey[], key: string, find: Finder): Place {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((each) => isScalar(each.key) && each.key.value === key) : undefined;
  const range = pair && isScalar(pair.key) ? pair.key.range : undefined;
  return range ? find(range[0]) : placeAt(document, path, find);
}

type Of<T> = { schema: z.ZodType<T>; /** "policy", "role": what the document is. */ what: string };

function checked<T>(document: Document.Parsed, { schema, what }: Of<T>, find: Finder): YamlReading<T> {
  const parsed = schema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue): YamlProblem[] => {
    const where = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        ...keyPlace(document, issue.path, key, find),
        message: `\`${key}\` is not a key${where === '' ? ` of a ${what}` : ` of ${where}`}.`,
      }));
    }
    const message = `${where === '' ? '' : `${where}: `}${issue.message}`;
    return [{ ...placeAt(document, issue.path, find), message }];
  });
  return { ok: false, problems: problems.slice(0, mostProblems) };
}

/** Reads a document from YAML; every problem with its place and in words. Nothing is guessed, nothing is left out. */
export function readStrictYaml<T>(text: string, of: Of<T>): YamlReading<T> {
  const refused = (message: string): YamlReading<T> => ({ ok: false, problems: [{ line: 1, column: 1, message }] });
  if (text.length > longest) return refused(`The ${of.what} is longer than 256 KB.`);
  try {
    return read(text, of);
  } catch (error) {
    // The parser goes down by calls of itself, and so does whoever walks what it made.
    if (error instanceof RangeError) return refused(`The ${of.what} is nested too deeply to be read.`);
    throw error;
  }
}

function read<T>(text: string, of: Of<T>): YamlReading<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    version: '1.2',
    schema: 'core',
  });
  const find: Finder = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const several = `There are several documents in the file: a ${of.what} is one.`;
  const broken = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    ...find(pos[0]),
    message: code === 'MULTIPLE_DOCS' ? several : (yamlWords[code] ?? `This is not YAML: ${message.split('\n')[0]}`),
  }));
  const problems = [...broken, ...(document.errors.length === 0 ? oddities(document, find) : [])];
  if (problems.length === 0) return checked(document, of, find);
  const inOrder = problems.toSorted((one, other) => one.line - other.line || one.column - other.column);
  return { ok: false, problems: inOrder.slice(0, mostProblems) };
}
