import type { Draw } from './sample-secrets.ts';

const words =
  'the a run test file of value error build module import const return import path token key secret user client server request response password config'.split(
    ' ',
  );
const hexDigits = '0123456789abcdef';
const word = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const base64 = `${word}+/`;

const pick = <T>({ int }: Draw, of: readonly T[]): T => of[int(of.length)] as T;
const sentence = (draw: Draw, count: number) => Array.from({ length: count }, () => pick(draw, words)).join(' ');
const uuid = ({ text }: Draw) => [8, 4, 4, 4, 12].map((length) => text(hexDigits, length)).join('-');

/** What agents meet all day: code, logs, lockfiles, diffs, data, and prose that speaks of secrets and holds none. */
const kinds: ((draw: Draw) => string)[] = [
  (d) => sentence(d, 12),
  (d) => `export const ${d.text(word, 10)} = (${d.text(word, 5)}: string) => ${d.text(word, 8)}.replace(/\\d+/g, '');`,
  (d) => `${d.text(hexDigits, 40)} refs/heads/${d.text(word, 9)}`,
  (d) => `    "integrity": "sha512-${d.text(base64, 86)}==",`,
  (d) =>
    `    "resolved": "https://registry.npmjs.org/@${d.text(word, 6)}/${d.text(word, 8)}/-/${d.text(word, 8)}-1.${d.int(99)}.0.tgz",`,
  (d) =>
    `{"level":30,"time":${1_790_000_000_000 + d.int(9_999_999)},"requestId":"${uuid(d)}","msg":"${sentence(d, 5)}"}`,
  (d) =>
    `    at ${d.text(word, 9)} (/srv/app/node_modules/${d.text(word, 7)}/dist/${d.text(word, 12)}.js:${d.int(900)}:${d.int(80)})`,
  (d) => `GET /search?q=${encodeURIComponent(sentence(d, 4))}&page=${d.int(40)}&sig=${d.text(hexDigits, 64)} 200`,
  (d) => `+  const apiKey = process.env.${d.text(word, 6).toUpperCase()}_API_KEY ?? 'sk-...';`,
  (d) => `ANTHROPIC_API_KEY=\${${d.text(word, 8)}} AWS_SECRET_ACCESS_KEY=$(cat /run/secrets/${d.text(word, 8)})`,
  (d) => `data:image/png;base64,${d.text(base64, 120)}`,
  (d) => `index ${d.text(hexDigits, 7)}..${d.text(hexDigits, 7)} 100644`,
  (d) => `sha256:${d.text(hexDigits, 64)}  ${d.text(word, 12)}.tar.gz`,
  (d) =>
    `.${d.text(word, 6)}__${d.text(word, 8)}--${d.text(word, 5)}{color:#${d.text(hexDigits, 6)};background:url("data:image/svg+xml;utf8,%3Csvg%3E${d.text(word, 20)}%3C/svg%3E")}`,
  (d) =>
    `!function(e,t){"object"==typeof exports?module.exports=t():e.${d.text(word, 4)}=t()}(this,(function(){return ${d.text(word, 60)}}));`,
  (d) => `-----BEGIN CERTIFICATE----- ${d.text(base64, 64)}`,
  (d) => `See the header "-----BEGIN PRIVATE KEY-----" in ${d.text(word, 8)}.md: ${sentence(d, 6)}`,
  (d) => `AKIAIOSFODNN7EXAMPLE is the id of ${sentence(d, 4)}; ghp_xxx, sk-ant-..., xoxb-your-token`,
  (d) => `postgresql://user:password@localhost:5432/${d.text(word, 9)}`,
  (d) => `${uuid(d)}\t${d.int(1_000_000)}\t${d.text(word, 22)}\t2026-11-${10 + d.int(19)}T10:00:00Z`,
  (d) => `ETag: W/"${d.text(base64, 27)}=" traceparent: 00-${d.text(hexDigits, 32)}-${d.text(hexDigits, 16)}-01`,
  (d) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${d.text(base64, 43)} ${d.text(word, 6)}@host`,
  (d) => `  assert.equal(token.kind, "${d.text(word, 10)}\\n\\t\\u00e4"); // task_${d.text(word, 26)}`,
  (d) => `${d.text(word, 32)}_${d.text(word, 20)}-${d.text(word, 40)}.${d.text(word, 20)}`,
];

export function benignLine(draw: Draw): string {
  return pick(draw, kinds)(draw);
}
