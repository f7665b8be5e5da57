/** Elements go by the number that the last look at the page gave them. */
export type BrowserRequest =
  | { act: 'open'; url: string }
  | { act: 'read' }
  | { act: 'click'; element: number }
  /** Takes the place of what the element holds. `submit`: Enter is pressed behind it. */
  | { act: 'type'; element: number; text: string; submit: boolean }
  /** `whole`: the page as far down as it goes, within reason, instead of what fits the window. */
  | { act: 'screenshot'; whole: boolean };

/** A page as it is after the request. All of it is the page's words, which are nobody's to trust. */
export type BrowserPage = {
  kind: 'page';
  url: string;
  title: string;
  /** Of the document's answer; null where there was none. */
  status: number | null;
  text: string;
  /** Characters of the text beyond those. */
  cut: number;
  /** What can be used, a line each, beginning with its number; `more` were left out. */
  elements: string[];
  more: number;
  /** What the page has logged, and which of its requests failed, since the last look. */
  said: string[];
  image?: { bytes: Uint8Array; width: number; height: number };
};

export type BrowserAnswer = BrowserPage | { kind: 'refused'; reason: string };

/** One page in a browser inside a sandbox, which reaches what the sandbox reaches. It ends with the sandbox. */
export type Browser = { ask(request: BrowserRequest, signal: AbortSignal): Promise<BrowserAnswer> };
