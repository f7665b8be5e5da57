export type LinkPart = { text: string; href: string | null };

/** Cuts a mail's text into plain parts and its http links; a sentence's own mark behind a link is not part of it. */
export function linkParts(text: string): LinkPart[] {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,:;!?])/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, href: /^https?:\/\//.test(part) ? part : null }));
}
