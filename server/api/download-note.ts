/** What the page after a refused download says, for a minute, in the browser that asked for it. */
export const downloadNote = 'fleet.download-refused';

/** Sends a browser's form on to the page that says why: what comes instead of a file would be an empty page with a line on it. */
export function toDownloadPage({ slug, words, secure }: { slug: string; words: string; secure: boolean }): Response {
  const kept = `${downloadNote}=${encodeURIComponent(words)}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax`;
  const headers = {
    location: `/${encodeURIComponent(slug)}/download-failed`,
    'set-cookie': secure ? `${kept}; Secure` : kept,
  };
  return new Response(null, { status: 303, headers });
}
