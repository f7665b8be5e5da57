'use client';

import { Code } from '../ui/code.tsx';
import { bytes } from '../ui/format.ts';
import { ShownImage } from './shown-image.tsx';
import type { ToolCall } from './timeline.ts';

function fieldsOf(input: unknown): [string, unknown][] {
  return typeof input === 'object' && input !== null ? Object.entries(input) : [['input', input]];
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}

function Argument({ name, value }: { name: string; value: unknown }) {
  const text = shown(value);
  const long = text.includes('\n') || text.length > 80;
  return (
    <div className={long ? 'flex flex-col gap-1' : 'flex gap-3'}>
      <span className="w-24 shrink-0 text-xs leading-5 text-ink-3">{name}</span>
      {long ? (
        <Code label={name} text={text} lines={24} />
      ) : (
        <span className="min-w-0 font-mono text-xs leading-5 foreign">{text}</span>
      )}
    </div>
  );
}

function Output({ call }: { call: ToolCall }) {
  if (!call.result)
    return <p className="text-sm text-ink-3">It is still running; the output comes when it has ended.</p>;
  const { text, droppedBytes, images = [] } = call.result;
  return (
    <div className="flex flex-col gap-1">
      <p className="text-xs text-ink-3">
        What the agent was given
        {droppedBytes > 0 && ` (${bytes(droppedBytes)} cut out of the middle)`}
      </p>
      <Code label="Output" text={text} />
      {images.map((image) => (
        <ShownImage key={image.blobId} image={image} />
      ))}
    </div>
  );
}

/** Arguments, output and the decision behind a tool call. */
export function ToolCallBody({ call }: { call: ToolCall }) {
  const { verdict } = call;
  return (
    <div className="mt-1 mr-2 mb-3 ml-3 flex min-w-0 flex-col gap-3 border-l border-line-strong pl-4">
      <div className="flex min-w-0 flex-col gap-1.5">
        {fieldsOf(call.input).map(([name, value]) => (
          <Argument key={name} name={name} value={value} />
        ))}
      </div>
      <p className="text-sm text-ink-2 foreign">
        <span className="font-medium">{verdict.verdict}</span>: {verdict.reason}{' '}
        <span className="text-ink-3">
          (rule {verdict.rule}, {verdict.layer})
        </span>
      </p>
      <Output call={call} />
    </div>
  );
}
