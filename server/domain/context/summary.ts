/** What a summary of a conversation must say, in this order. */
export const summaryHeadings = [
  'Goal',
  'Decisions',
  'Done',
  'Open failures',
  'Scope and limits',
  'Next steps',
] as const;
export type SummaryHeading = (typeof summaryHeadings)[number];
export type Summary = { [H in SummaryHeading]?: string };

const headingLine = new RegExp(
  `^\\s*(?:#{1,6}\\s*|[-*]\\s+|\\d+[.)]\\s*)?[*_]*(${summaryHeadings.join('|')})\\b(?:[*_]*\\s*[:.]|[*_]*\\s*$)[*_]*(.*)$`,
  'i',
);

/** The parts of a summary that say something; of a heading that comes twice, both. */
export function readSummary(text: string): Summary {
  const parts = new Map<SummaryHeading, string[]>();
  let current: string[] | null = null;
  for (const line of text.split('\n')) {
    const [, named, rest = ''] = headingLine.exec(line) ?? [];
    if (named === undefined) {
      current?.push(line);
      continue;
    }
    const heading = summaryHeadings.find((each) => each.toLowerCase() === named.toLowerCase())!;
    current = parts.get(heading) ?? [];
    current.push(rest);
    parts.set(heading, current);
  }
  const said = [...parts].map(([heading, lines]) => [heading, lines.join('\n').trim()] as const);
  return Object.fromEntries(said.filter(([, body]) => body !== ''));
}

/** Headings under which nothing was said. "None" is something. */
export function missingIn(summary: Summary): SummaryHeading[] {
  return summaryHeadings.filter((heading) => summary[heading] === undefined);
}

/** Two tries at one summary: the later says what it says, the earlier the rest. */
export function mergeSummaries(earlier: Summary, later: Summary): Summary {
  return { ...earlier, ...later };
}

/** A summary as it is written down: every heading, in order. `instead` stands where the agent said nothing. */
export function summaryText(summary: Summary, instead: (heading: SummaryHeading) => string): string {
  return summaryHeadings.map((heading) => `${heading}:\n${summary[heading] ?? instead(heading)}`).join('\n\n');
}
