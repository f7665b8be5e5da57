import { expect, test } from 'vitest';
import { parseDiff } from './parse-diff.ts';

const changed = `diff --git a/src/a.js b/src/a.js
index 422c2b7..817f660 100644
--- a/src/a.js
+++ b/src/a.js
@@ -1,3 +1,3 @@ function list() {
 one
-two
+deux
 three
`;

test('reads a changed file with its line numbers and counts', () => {
  const [file] = parseDiff(changed);
  expect(file).toMatchObject({ path: 'src/a.js', from: null, change: 'modified', added: 1, removed: 1 });
  expect(file?.hunks[0]).toMatchObject({ context: 'function list() {', oldStart: 1, newStart: 1 });
  expect(file?.hunks[0]?.lines).toEqual([
    { kind: 'same', old: 1, new: 1, text: 'one' },
    { kind: 'removed', old: 2, new: null, text: 'two' },
    { kind: 'added', old: null, new: 2, text: 'deux' },
    { kind: 'same', old: 3, new: 3, text: 'three' },
  ]);
});

test('a removed line that looks like a head stays a removed line', () => {
  const text = `diff --git a/q.sql b/q.sql
--- a/q.sql
+++ b/q.sql
@@ -1,2 +1,3 @@
--- a/other
+++ b/other
+@@ -1 +1 @@
 diff --git a/x b/x
diff --git a/y b/y
old mode 100644
new mode 100755
`;
  const files = parseDiff(text);
  expect(files.map((file) => file.path)).toEqual(['q.sql', 'y']);
  expect(files[0]?.hunks[0]?.lines.map((line) => [line.kind, line.text])).toEqual([
    ['removed', '-- a/other'],
    ['added', '++ b/other'],
    ['added', '@@ -1 +1 @@'],
    ['same', 'diff --git a/x b/x'],
  ]);
});

test('shows a file that was only made executable', () => {
  const [file] = parseDiff('diff --git a/run me.sh b/run me.sh\nold mode 100644\nnew mode 100755\n');
  expect(file).toMatchObject({ path: 'run me.sh', oldMode: '100644', newMode: '100755', hunks: [] });
});

test('keeps a rename that also changed the file, and unquotes its paths', () => {
  const text = `diff --git "a/d \\303\\251/f \\"q.txt" "b/d \\303\\251/g.txt"
similarity index 90%
rename from "d \\303\\251/f \\"q.txt"
rename to "d \\303\\251/g.txt"
--- "a/d \\303\\251/f \\"q.txt"
+++ "b/d \\303\\251/g.txt"
@@ -1 +1 @@
-x
+y
\\ No newline at end of file
`;
  const [file] = parseDiff(text);
  expect(file).toMatchObject({ path: 'd é/g.txt', from: 'd é/f "q.txt', change: 'renamed', added: 1, removed: 1 });
  expect(file?.hunks[0]?.lines.at(-1)).toEqual({
    kind: 'note',
    old: null,
    new: null,
    text: 'No newline at end of file',
  });
});

test('added, deleted, empty and binary files are told apart', () => {
  const text = `diff --git a/new.txt b/new.txt
new file mode 100644
--- /dev/null
+++ b/new.txt
@@ -0,0 +1 @@
+new
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-gone
diff --git a/empty b/empty
new file mode 100644
index 0000000..e69de29
diff --git a/logo.png b/logo.png
index 1..2 100644
Binary files a/logo.png and b/logo.png differ
`;
  expect(parseDiff(text).map((file) => [file.path, file.change, file.binary])).toEqual([
    ['new.txt', 'added', false],
    ['gone.txt', 'deleted', false],
    ['empty', 'added', false],
    ['logo.png', 'modified', true],
  ]);
});

test('a diff that was cut gives what is there', () => {
  const [file] = parseDiff(changed.slice(0, changed.indexOf('+deux') + 3));
  expect(file?.hunks[0]?.lines).toHaveLength(3);
  expect(parseDiff('')).toEqual([]);
});

test('windows line ends and blank context lines stay inside their hunk', () => {
  const [file] = parseDiff('diff --git a/w b/w\n--- a/w\n+++ b/w\n@@ -1,2 +1,2 @@\n \r\n-a\r\n+b\r\n');
  expect(file?.hunks[0]?.lines.map((line) => line.text)).toEqual(['\r', 'a\r', 'b\r']);
});
