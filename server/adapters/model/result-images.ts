import type { ModelRequest, ResultImage, ToolResultBlock } from '../../domain/ports/model.ts';

export type SentImage = { mediaType: ResultImage['mediaType']; base64: string };

const notShown = '[An image belongs to this result and is not shown: this model takes no images, or it is gone.]';

/** A result as a provider can take it: its words, with a sentence for each image that is not at hand, and the images. */
export function resultParts(block: ToolResultBlock, images: ModelRequest['images']) {
  const sent: SentImage[] = [];
  let text = block.content;
  for (const { blobId, mediaType } of block.images ?? []) {
    const base64 = images?.get(blobId);
    if (base64 === undefined) text += `\n${notShown}`;
    else sent.push({ mediaType, base64 });
  }
  return { text, images: sent };
}
