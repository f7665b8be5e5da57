import { describe, expect, it } from 'vitest';
import { changedLines, isChangedLine } from './changed-lines.ts';

const diff = `diff --git a/src/users.js b/src/users.js
index 1..2 100644
--- a/src/users.js
+++ b/src/users.js
@@ -1,6 +1,6 @@
 one
-two
+TWO
+and a half
 three
 four
-five
 six
@@ -20 +21,0 @@ function x
-gone
diff --git a/old.js b/old.js
deleted file mode 100644
--- a/old.js
+++ /dev/null
@@ -1,2 +0,0 @@
-a
-b
diff --git "a/na\\303\\257ve.js" "b/na\\303\\257ve.js"
new file mode 100644
--- /dev/null
+++ "b/na\\303\\257ve.js"
@@ -0,0 +1 @@
+--- not a header
\\ No newline at end of file
`;

describe('changedLines', () => {
  const lines = changedLines(diff);
  const cases: [string, number, boolean][] = [
    ['src/users.js', 1, false],
    ['src/users.js', 2, true],
    ['src/users.js', 3, true],
    ['src/users.js', 4, false],
    ['src/users.js', 5, true],
    ['src/users.js', 6, true],
    ['src/users.js', 7, false],
    ['src/users.js', 21, true],
    ['src/users.js', 22, true],
    ['src/users.js', 23, false],
    ['old.js', 17, true],
    ['naïve.js', 1, true],
    ['naïve.js', 2, false],
    ['elsewhere.js', 1, false],
  ];
  it.each(cases)('%s:%i → %s', (path, line, expected) => {
    expect(isChangedLine(lines, path, line)).toBe(expected);
  });

  it('reads nothing out of nothing', () => {
    expect(changedLines('').size).toBe(0);
  });
});
