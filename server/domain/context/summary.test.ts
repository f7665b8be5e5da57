import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSummaries, missingIn, readSummary, summaryHeadings, summaryText } from './summary.ts';

const whole = summaryHeadings.map((heading) => `## ${heading}\n\nAbout ${heading}.`).join('\n\n');

describe('readSummary', () => {
  it('reads the parts however the headings are marked', () => {
    const marks = [
      (heading: string) => `## ${heading}\nsaid`,
      (heading: string) => `**${heading}:** said`,
      (heading: string) => `**${heading}**\nsaid`,
      (heading: string) => `${heading}: said`,
      (heading: string) => `- ${heading.toUpperCase()}:\n  said`,
      (heading: string) => `1. ${heading}.\nsaid`,
    ];
    for (const mark of marks) {
      expect(missingIn(readSummary(summaryHeadings.map(mark).join('\n')))).toEqual([]);
    }
  });

  it('a heading without words is missing, and so is one that only a sentence names', () => {
    expect(missingIn(readSummary('ok'))).toEqual([...summaryHeadings]);
    const text = 'Goal:\n\nDecisions: none\nDone is done.\nThe goal: x\nOpen failures:   \nNext steps: go on';
    expect(missingIn(readSummary(text))).toEqual(['Goal', 'Done', 'Open failures', 'Scope and limits']);
  });

  it('what is written down can be read again', () => {
    const body = fc.stringMatching(/^[a-z][a-z ,]{0,30}[a-z]$/);
    fc.assert(
      fc.property(fc.tuple(...summaryHeadings.map(() => fc.option(body))), (bodies) => {
        const said = summaryHeadings.flatMap((heading, at) => (bodies[at] ? [[heading, bodies[at]] as const] : []));
        const text = summaryText(Object.fromEntries(said), () => 'nothing was said');
        const instead = summaryHeadings.map((heading) => [heading, 'nothing was said'] as const);
        expect(readSummary(text)).toEqual({ ...Object.fromEntries(instead), ...Object.fromEntries(said) });
      }),
    );
  });
});

describe('two tries', () => {
  it('the later wins, the earlier fills', () => {
    const earlier = readSummary('Goal: old\nDecisions: kept');
    const merged = mergeSummaries(earlier, readSummary('Goal: new'));
    expect(merged).toEqual({ Goal: 'new', Decisions: 'kept' });
    expect(missingIn(mergeSummaries(readSummary(whole), {}))).toEqual([]);
  });
});
