import { existsSync, globSync, readFileSync } from 'node:fs';

const roots = /^(?:app|attack|bench|cli|components|deploy|docs|e2e|inngest|prisma|samples|scripts|server|\.ci)\//;

/** Paths in backticks or link targets that begin with one of the project's folders; globs and placeholders are left out. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\s]+)`/g), ...text.matchAll(/\]\(([^)\s]+)\)/g)].map(
    (match) => match[1] ?? '',
  );
  const bare = quoted.map((path) => path.replace(/#.*$/, '').replace(/\/$/, ''));
  return bare.filter((path) => roots.test(`${path}/`) && !/[*{}<>…]/.test(path));
}

const documents = globSync(['*.md', 'docs/**/*.md']);
const missing = documents.flatMap((document) =>
  pathsIn(readFileSync(document, 'utf8'))
    .filter((path) => !existsSync(path))
    .map((path) => `${document} names ${path}, which does not exist`),
);

for (const line of missing) process.stderr.write(`${line}\n`);
process.stdout.write(`documents: ${documents.length} read, ${missing.length} paths missing\n`);
process.exit(missing.length === 0 && documents.length > 0 ? 0 : 1);
