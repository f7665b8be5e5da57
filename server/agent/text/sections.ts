export function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
