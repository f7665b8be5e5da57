/** The file in which the commands of a drill leave a line each time they run. */
export const traceFile = 'trace.txt';

type Traced = { traces: string[]; events: { kind: string; payload: Record<string, unknown> }[] };

/** Lines that stand in the trace more often than their command was intended. */
export function tracedTooOften({ traces, events }: Traced): string[] {
  const inputs = events.filter(({ kind }) => kind === 'tool.intended').map(({ payload }) => JSON.stringify(payload));
  const intended = (line: string) => inputs.filter((input) => input.includes(`echo ${line} >> ${traceFile}`)).length;
  return [...new Set(traces)].flatMap((line) => {
    const times = traces.filter((each) => each === line).length;
    return Array.from({ length: Math.max(0, times - intended(line)) }, () => line);
  });
}
