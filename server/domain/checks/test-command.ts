/** Where the sandbox keeps what a command writes outside the work tree. */
const reportFolder = '/tmp/fleet-report';

export type TestScript = {
  /** The repo's test command, as connected. */
  command: string;
  /** package.json of the commit, where there is one: tells what `npm test` really runs. */
  packageJson: string | null;
  /** A line that no test prints by accident. */
  marker: string;
};

/**
 * A bash script that runs the repo's own test command, unchanged, and then prints `marker` and the JUnit reports that the
 * runners were asked for through their environment. Exits with the command's code.
 */
export function testScript({ command, packageJson, marker }: TestScript): string {
  const node = runsNodeTest(command, packageJson)
    ? `export NODE_OPTIONS="\${NODE_OPTIONS:-} --test-reporter=junit --test-reporter-destination=${reportFolder}/node.xml ` +
      `--test-reporter=spec --test-reporter-destination=stdout"`
    : ':';
  return [
    `rm -rf ${reportFolder}; mkdir -p ${reportFolder}`,
    node,
    `export CI=1 NO_COLOR=1 PYTEST_ADDOPTS="\${PYTEST_ADDOPTS:-} --junitxml=${reportFolder}/pytest.xml"`,
    `bash -c ${quoted(command)}`,
    'code=$?',
    `printf '\\n%s\\n' ${quoted(marker)}`,
    `cat ${reportFolder}/*.xml 2>/dev/null`,
    'exit $code',
  ].join('\n');
}

/** node:test takes a report by environment only where the script names no reporter of its own. */
function runsNodeTest(command: string, packageJson: string | null): boolean {
  const script = npmTest.test(command) ? (testScriptOf(packageJson) ?? '') : command;
  return /\bnode\b[^|;&]*\s--test(\s|$)/.test(script) && !script.includes('--test-reporter');
}

const npmTest = /^\s*(npm|yarn|pnpm)\s+(run\s+)?(test|t)\b/;

function testScriptOf(packageJson: string | null): string | null {
  if (packageJson === null) return null;
  try {
    const parsed = JSON.parse(packageJson) as { scripts?: { test?: unknown } } | null;
    const script = parsed?.scripts?.test;
    return typeof script === 'string' ? script : null;
  } catch {
    return null;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
