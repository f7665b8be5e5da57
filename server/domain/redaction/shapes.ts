/** How a secret of one kind looks. A text without the keyword has none. */
export type Shape = { name: string; keyword: string; pattern: RegExp };

const shape = (name: string, keyword: string, pattern: RegExp): Shape => ({ name, keyword, pattern });

// Prefixes, lengths and alphabets as the vendors issue them today; most of the facts are those that the rules of gitleaks (MIT)
// keep. No shape is told by its randomness or by the word before it alone: that is what finds innocent text.
export const shapes: readonly Shape[] = [
  shape('anthropic-key', 'sk-ant-', /sk-ant-[a-z]{2,8}\d{2}-[\w-]{40,200}/g),
  shape('openai-key', 'sk-', /sk-(?:proj|svcacct|admin|service)-[\w-]{40,250}/g),
  shape('openai-key', 'T3BlbkFJ', /(?<![A-Za-z0-9])sk-[\w-]{20,120}T3BlbkFJ[\w-]{20,120}/g),
  shape('openrouter-key', 'sk-or-v1-', /sk-or-v1-[0-9a-f]{64}/g),
  shape('google-key', 'AIza', /(?<![\w-])AIza[\w-]{35}(?![\w-])/g),
  shape('google-oauth', 'GOCSPX-', /GOCSPX-[\w-]{28}/g),
  shape('google-oauth', 'ya29.', /(?<![\w-])ya29\.[\w-]{40,2048}/g),
  shape('xai-key', 'xai-', /(?<![A-Za-z0-9])xai-[A-Za-z0-9]{80}/g),
  shape('groq-key', 'gsk_', /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{52}/g),
  shape('perplexity-key', 'pplx-', /(?<![A-Za-z0-9])pplx-[A-Za-z0-9]{48}/g),
  shape('replicate-token', 'r8_', /(?<![A-Za-z0-9])r8_[A-Za-z0-9]{37}/g),
  shape('huggingface-token', 'hf_', /(?<![A-Za-z0-9_])hf_[A-Za-z]{34}(?![A-Za-z0-9])/g),
  // The installation tokens of today are an app's id and a JWT.
  shape('github-token', 'ghs_', /ghs_\d{1,12}_eyJ[\w-]{10,2048}\.[\w-]{10,4096}\.[\w-]{10,2048}/g),
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((prefix) =>
    shape('github-token', prefix, new RegExp(`${prefix}[A-Za-z0-9]{36,251}`, 'g')),
  ),
  shape('github-token', 'github_pat_', /github_pat_\w{60,255}/g),
  ...['pat', 'ptt', 'dt', 'rt', 'soat', 'ft', 'imt', 'agent', 'oas', 'cbt'].map((kind) =>
    shape(
      'gitlab-token',
      `gl${kind}-`,
      new RegExp(`(?<![A-Za-z0-9])gl${kind}-[\\w-]{20,300}(?:\\.[\\w-]{2,40}){0,2}`, 'g'),
    ),
  ),
  shape('bitbucket-token', 'ATCTT3', /ATCTT3[\w=-]{60,300}/g),
  shape('atlassian-token', 'ATATT3', /ATATT3[\w=-]{60,300}/g),
  // The keys of AWS's own documentation end in EXAMPLE.
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) =>
    shape(
      'aws-key-id',
      prefix,
      new RegExp(`(?<![A-Za-z0-9])${prefix}(?![A-Z2-7]{9}EXAMPLE)[A-Z2-7]{16}(?![A-Za-z0-9])`, 'g'),
    ),
  ),
  shape(
    'aws-secret-key',
    'ecret',
    /(?<=(?:[Ss]ecret_?[Aa]ccess_?[Kk]ey|[Ss]ecret_?[Kk]ey)["']?\s{0,4}[=:]\s{0,4}["']?)(?![A-Za-z0-9/+]{33}EXAMPLE)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
  ),
  shape(
    'aws-secret-key',
    'SECRET_ACCESS_KEY',
    /(?<=SECRET_ACCESS_KEY["']?\s{0,4}[=:]\s{0,4}["']?)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
  ),
  shape('aws-bedrock-key', 'ABSK', /(?<![A-Za-z0-9])ABSK[A-Za-z0-9+/]{109,269}={0,2}/g),
  shape('azure-secret', 'Q~', /(?<![\w.~-])[\w.~]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/g),
  shape('azure-storage-key', 'AccountKey=', /(?<=AccountKey=)[A-Za-z0-9+/]{86}==/g),
  shape('digitalocean-token', '_v1_', /(?<![A-Za-z0-9])do[opr]_v1_[0-9a-f]{64}/g),
  shape('slack-token', 'xox', /xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{20,300}/g),
  shape('slack-token', 'xapp-', /xapp-\d-[A-Z0-9]{8,16}-\d{8,16}-[0-9a-z]{32,128}/g),
  shape(
    'slack-webhook',
    'hooks.slack.com',
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/_-]{30,120}/g,
  ),
  shape('stripe-key', '_live_', /(?<![A-Za-z0-9])[srp]k_live_[A-Za-z0-9]{20,255}/g),
  shape('stripe-key', '_test_', /(?<![A-Za-z0-9])[sr]k_test_[A-Za-z0-9]{20,255}/g),
  shape('stripe-webhook-secret', 'whsec_', /(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/]{32,64}={0,2}/g),
  shape('twilio-key', 'SK', /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g),
  shape('sendgrid-key', 'SG.', /(?<![A-Za-z0-9])SG\.[\w-]{22}\.[\w-]{43}/g),
  shape('mailgun-key', 'key-', /(?<![A-Za-z0-9-])key-[0-9a-f]{32}(?![A-Za-z0-9])/g),
  shape('telegram-token', ':AA', /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g),
  shape('shopify-token', 'shp', /(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g),
  shape('npm-token', 'npm_', /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g),
  shape('pypi-token', 'pypi-', /pypi-AgE[\w-]{50,500}/g),
  shape('rubygems-key', 'rubygems_', /rubygems_[0-9a-f]{48}/g),
  shape('crates-token', 'cio', /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/g),
  shape('docker-token', 'dckr_', /dckr_(?:pat|oat)_[\w-]{27,40}/g),
  ...['hvs.', 'hvb.', 'hvr.'].map((prefix) =>
    shape('vault-token', prefix, new RegExp(`(?<![A-Za-z0-9])${prefix.slice(0, 3)}\\.[\\w-]{24,300}`, 'g')),
  ),
  shape('terraform-token', '.atlasv1.', /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,80}/g),
  shape('databricks-token', 'dapi', /(?<![A-Za-z0-9])dapi[0-9a-f]{32}(?:-\d)?(?![A-Za-z0-9])/g),
  shape(
    'doppler-token',
    'dp.',
    /(?<![A-Za-z0-9])dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}/g,
  ),
  shape('linear-key', 'lin_', /(?<![A-Za-z0-9])lin_(?:api|oauth)_[A-Za-z0-9]{32,64}/g),
  shape('notion-token', 'ntn_', /(?<![A-Za-z0-9])ntn_[A-Za-z0-9]{43,46}/g),
  shape('figma-token', 'figd_', /(?<![A-Za-z0-9])figd_[\w-]{40}/g),
  shape('postman-key', 'PMAK-', /PMAK-[0-9a-f]{24}-[0-9a-f]{34}/g),
  shape('newrelic-key', 'NRAK-', /NRAK-[A-Z0-9]{27}/g),
  shape('grafana-token', 'glsa_', /(?<![A-Za-z0-9])glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}/g),
  shape('grafana-token', 'glc_', /(?<![A-Za-z0-9])glc_[A-Za-z0-9+/]{32,400}={0,2}/g),
  shape('sentry-token', 'sntry', /sntry(?:u_[0-9a-f]{64}|s_eyJ[\w+/=-]{40,500})/g),
  shape('planetscale-token', 'pscale_', /pscale_(?:tkn|pw|oauth)_[\w.-]{32,64}/g),
  shape('supabase-key', 'sbp_', /(?<![A-Za-z0-9])sbp_[0-9a-f]{40}/g),
  shape('supabase-key', 'sb_secret_', /(?<![A-Za-z0-9])sb_secret_[\w-]{31,40}/g),
  shape('1password-token', 'ops_eyJ', /ops_eyJ[A-Za-z0-9+/]{250,2000}={0,3}/g),
  shape('age-key', 'AGE-SECRET-KEY-1', /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/g),
  shape('jwt', 'eyJ', /(?<![\w-])eyJ[\w-]{14,4096}\.eyJ[\w-]{10,8192}\.[\w-]{16,2048}/g),
  shape(
    'private-key',
    'PRIVATE KEY',
    /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\\nr]{1,8}(?:[A-Z][\w-]{2,20}: [^\r\n\\]{0,100}[\s\\nr]{1,8}){0,4}[A-Za-z0-9+/=\s\\]{40,16384}(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/g,
  ),
];

const special = /[.*+?^${}()|[\]\\]/g;

/** Whether a text holds the keyword of any shape: most hold none, and need no second look. */
export const anyKeyword = new RegExp(
  [...new Set(shapes.map(({ keyword }) => keyword))].map((one) => one.replaceAll(special, '\\$&')).join('|'),
);
