/** Foreign text between marks that the text itself cannot close: the fence is longer than any run of its character. */
export function fenced(label: string, text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  const name = label.replace(/[`\p{Cc}\u2028\u2029]/gu, ' ');
  return `${fence} ${name}\n${text.endsWith('\n') ? text.slice(0, -1) : text}\n${fence}`;
}
