import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');
const colours = new Map<string, [light: string, dark: string]>();
for (const [, name, light, dark, both] of css.matchAll(
  /--color-([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));/g,
)) {
  colours.set(name ?? '', [light ?? both ?? '', dark ?? both ?? '']);
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const surfaces = ['bg', 'panel', 'sunken', 'hover'];
const on = (text: string, backgrounds: string[]) =>
  backgrounds.map((background): [string, string] => [text, background]);
const text: [string, string][] = [
  ...on('ink', [...surfaces, 'added', 'removed', 'needs-soft', 'bad-soft', 'accent-soft']),
  ...on('ink-2', [...surfaces, 'needs-soft', 'bad-soft', 'accent-soft']),
  ...on('ink-3', [...surfaces, 'added', 'removed']),
  ...on('accent', [...surfaces, 'accent-soft']),
  ...on('on-accent', ['accent-fill', 'accent-fill-hover']),
  ...on('on-needs', ['needs']),
  ...on('running', ['bg', 'panel', 'running-soft']),
  ...on('needs-ink', ['bg', 'panel', 'needs-soft']),
  ...on('good', ['bg', 'panel', 'hover', 'good-soft']),
  ...on('bad', ['bg', 'panel', 'hover', 'bad-soft']),
  ...on('quarantined', ['bg', 'panel', 'quarantined-soft']),
];

test.each([0, 1] as const)('text has a contrast of 4.5 : 1 at least (theme %i)', (theme) => {
  const weak = text
    .map(([front, back]) => ({ front, back, ratio: contrast(colours.get(front)![theme], colours.get(back)![theme]) }))
    .filter(({ ratio }) => ratio < 4.5);
  expect(weak).toEqual([]);
});

test.each([0, 1] as const)('the edge of a control has a contrast of 3 : 1 at least (theme %i)', (theme) => {
  for (const surface of ['bg', 'panel']) {
    expect(contrast(colours.get('control')![theme], colours.get(surface)![theme])).toBeGreaterThanOrEqual(3);
  }
});
