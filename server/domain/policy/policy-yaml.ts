import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, stringify, visit, type Document } from 'yaml';
import { policyDocument, type PolicyDocument } from './document.ts';

/** What is wrong with a policy as it is written; `line` counts from 1. */
export type PolicyProblem = { line: number; message: string };

type PolicyReading = { ok: true; policy: PolicyDocument } | { ok: false; problems: PolicyProblem[] };

const longest = 256 * 1024;

const yamlWords: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'A line is indented with a tab: use blanks.',
  DUPLICATE_KEY: 'The same key is written twice: what would hold is not said.',
  MULTIPLE_DOCS: 'There are several documents in the file: a policy is one.',
};

/** What YAML allows and a policy does not: names for values, types of its own, merged keys. */
function oddities(document: Document.Parsed, lineOf: (offset: number) => number): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  visit(document, (_key, node) => {
    if (!isNode(node)) return;
    const line = lineOf(node.range?.[0] ?? 0);
    if (isAlias(node) || ('anchor' in node && node.anchor))
      problems.push({
        line,
        message: 'Anchors and aliases are not allowed: write each rule out, so that it can be read where it stands.',
      });
    else if (node.tag && !node.tag.startsWith('tag:yaml.org,2002:'))
      problems.push({ line, message: `The tag ${node.tag} is not allowed.` });
    if (isScalar(node) && node.value === '<<') problems.push({ line, message: 'Merging by << is not allowed.' });
  });
  return problems;
}

/** The line of what a path leads to, or of the nearest that holds it. */
function lineAt(document: Document.Parsed, path: readonly PropertyKey[], lineOf: (offset: number) => number): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lineOf(node.range[0]);
  }
  return 1;
}

/** The line of an unknown key itself, not of the map that it is in. */
function keyLine(
  document: Document.Parsed,
  path: readonly PropertyKey[],
  key: string,
  lineOf: (offset: number) => number,
) {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((each) => isScalar(each.key) && each.key.value === key) : undefined;
  const range = pair && isScalar(pair.key) ? pair.key.range : undefined;
  return range ? lineOf(range[0]) : lineAt(document, path, lineOf);
}

function schemaProblems(document: Document.Parsed, value: unknown, lineOf: (offset: number) => number): PolicyReading {
  const parsed = policyDocument.safeParse(value ?? {});
  if (parsed.success) return { ok: true, policy: parsed.data };
  const problems = parsed.error.issues.flatMap((issue): PolicyProblem[] => {
    const where = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        line: keyLine(document, issue.path, key, lineOf),
        message: `\`${key}\` is not a key${where === '' ? ' of a policy' : ` of ${where}`}.`,
      }));
    }
    const message = `${where === '' ? '' : `${where}: `}${issue.message}`;
    return [{ line: lineAt(document, issue.path, lineOf), message }];
  });
  return { ok: false, problems };
}

/** Reads a policy from YAML; every problem with its line and in words. Nothing is guessed, nothing is left out. */
export function readPolicy(text: string): PolicyReading {
  if (text.length > longest)
    return { ok: false, problems: [{ line: 1, message: 'The policy is longer than 256 KB.' }] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
    version: '1.2',
    schema: 'core',
  });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const broken = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    line: lineOf(pos[0]),
    message: yamlWords[code] ?? `This is not YAML: ${message.split('\n')[0]}`,
  }));
  const problems = [...broken, ...(document.errors.length === 0 ? oddities(document, lineOf) : [])];
  if (problems.length > 0) return { ok: false, problems: problems.toSorted((one, other) => one.line - other.line) };
  return schemaProblems(document, document.toJS({ maxAliasCount: 0 }), lineOf);
}

/** A policy as YAML; read again it is the same. */
export function writePolicy(policy: PolicyDocument): string {
  const said = Object.fromEntries(
    Object.entries(policy).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
  return stringify(said, { lineWidth: 120, aliasDuplicateObjects: false });
}
