/** What a reader of Markdown takes for the writer's own words: all that stands in no fence. Throws at a fence left open. */
export function outsideQuotes(text: string): string {
  const own: string[] = [];
  let open: string | null = null;
  for (const line of text.split('\n')) {
    const fence = /^`{3,}/.exec(line)?.[0] ?? null;
    if (open === null) {
      if (fence) open = fence;
      else own.push(line);
    } else if (fence && fence.length >= open.length && line.trim() === fence) {
      open = null;
    }
  }
  if (open !== null) throw new Error('A quote is not closed.');
  return own.join('\n');
}
