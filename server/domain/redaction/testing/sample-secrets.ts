import { mersenne } from 'pure-rand/generator/mersenne';
import { uniformInt } from 'pure-rand/distribution/uniformInt';

// Secrets that open nothing, put together here so that no scanner of this repository finds one.

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const hexDigits = '0123456789abcdef';
const letters = `${lower}${lower.toUpperCase()}`;
const word = `${letters}${digits}`;
const dashed = `${word}_-`;
const base32 = `${lower.toUpperCase()}234567`;
const base64 = `${word}+/`;

export type Draw = { int(below: number): number; text(alphabet: string, length: number): string };

/** Draws that a seed gives alike everywhere. */
export function drawing(seed: number): Draw {
  const generator = mersenne(seed);
  const int = (below: number) => uniformInt(generator, 0, below - 1);
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet.charAt(int(alphabet.length))).join('');
  return { int, text };
}

const url64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt({ text }: Draw): string {
  return `${url64({ alg: 'RS256', typ: 'JWT' })}.${url64({ sub: text(word, 12), iat: 1_800_000_000 })}.${text(dashed, 86)}`;
}

function pem({ text }: Draw, kind: string): string {
  const lines = [64, 64, 64, 40].map((length) => text(base64, length));
  return `-----BEGIN ${kind}PRIVATE KEY-----\n${lines.join('\n')}\n-----END ${kind}PRIVATE KEY-----`;
}

/** One secret of each kind in its present form: its kind, and the secret. */
export function sampleSecrets(draw: Draw): [string, string][] {
  const { text } = draw;
  return [
    ['anthropic-key', `sk-ant-api03-${text(dashed, 93)}AA`],
    ['anthropic-key', `sk-ant-admin01-${text(dashed, 93)}AA`],
    ['anthropic-key', `sk-ant-oat01-${text(dashed, 80)}`],
    ['openai-key', `sk-proj-${text(dashed, 74)}T3BlbkFJ${text(dashed, 74)}`],
    ['openai-key', `sk-svcacct-${text(dashed, 120)}`],
    ['openai-key', `sk-${text(word, 20)}T3BlbkFJ${text(word, 20)}`],
    ['google-key', `AIza${text(dashed, 34)}x`],
    ['google-oauth', `GOCSPX-${text(dashed, 28)}`],
    ['github-token', `ghp_${text(word, 36)}`],
    ['github-token', `gho_${text(word, 36)}`],
    ['github-token', `ghs_1234567_${jwt(draw)}`],
    ['github-token', `github_pat_${text(word, 22)}_${text(word, 59)}`],
    ['gitlab-token', `glpat-${text(word, 20)}`],
    ['aws-key-id', `AKIA${text(base32, 16)}`],
    ['aws-secret-key', `aws_secret_access_key = ${text(base64, 40)}`],
    ['slack-token', `xoxb-${text(digits, 12)}-${text(digits, 12)}-${text(word, 24)}`],
    [
      'slack-token',
      `xapp-1-A${text(word.toUpperCase(), 10).replaceAll(/[^A-Z0-9]/g, 'X')}-${text(digits, 13)}-${text(hexDigits, 64)}`,
    ],
    ['slack-webhook', `https://hooks.slack.com/services/T${text(base32, 8)}/B${text(base32, 8)}/${text(word, 24)}`],
    ['stripe-key', `sk_live_${text(word, 24)}`],
    ['stripe-key', `rk_test_${text(word, 99)}`],
    ['stripe-webhook-secret', `whsec_${text(word, 32)}`],
    ['npm-token', `npm_${text(word, 36)}`],
    ['pypi-token', `pypi-AgEIcHlwaS5vcmc${text(dashed, 160)}`],
    ['sendgrid-key', `SG.${text(dashed, 22)}.${text(dashed, 43)}`],
    ['huggingface-token', `hf_${text(letters, 34)}`],
    ['digitalocean-token', `dop_v1_${text(hexDigits, 64)}`],
    ['vault-token', `hvs.${text(dashed, 95)}`],
    ['docker-token', `dckr_pat_${text(dashed, 27)}`],
    ['age-key', `AGE-SECRET-KEY-1${text('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`],
    ['jwt', jwt(draw)],
    ['private-key', pem(draw, '')],
    ['private-key', pem(draw, 'RSA ')],
    ['private-key', pem(draw, 'OPENSSH ')],
  ];
}

const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const escaped = (text: string) =>
  [...text].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

export const encodings: Record<string, (text: string) => string> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  url: percent,
  json: (text) => JSON.stringify({ text }),
  unicode: escaped,
};
