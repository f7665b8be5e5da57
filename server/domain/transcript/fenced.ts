/** Foreign text between marks that the text itself cannot close: the fence is longer than any run of its character. */
export function fenced(label: string, text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${label.replace(/[`\n]/g, ' ')}\n${text.endsWith('\n') ? text.slice(0, -1) : text}\n${fence}`;
}
