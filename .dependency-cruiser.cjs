/** Cycles and which package may be known where; the direction of layers is eslint-plugin-boundaries' job. */
const tests = '\\.test\\.ts$|^(e2e|bench|attack|server/testing)/|/testing/|^vitest\\.config|^playwright\\.config';
const onlyBehind = (name, folder, packages) => ({
  name,
  severity: 'error',
  from: { pathNot: `${folder}|${tests}` },
  to: { path: `node_modules/(${packages})/` },
});

module.exports = {
  forbidden: [
    {
      name: 'no-runtime-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { pathNot: `${tests}|^scripts/` },
      to: { path: tests },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^server/domain/', pathNot: '\\.test\\.ts$' },
      to: {
        dependencyTypes: ['npm', 'npm-dev'],
        pathNot:
          'node_modules/(zod|canonicalize|picomatch|pure-rand|fflate|unbash|yaml|ipaddr\\.js|@noble/(hashes|curves)|@types/picomatch)/',
      },
    },
    {
      name: 'domain-has-no-io',
      severity: 'error',
      from: { path: '^server/domain/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'instrumentation-reaches-the-api-only',
      severity: 'error',
      from: { path: '^(instrumentation|proxy\\.ts)' },
      to: { path: '^(app|components|cli|inngest|server)/', pathNot: '^server/(api|config)/' },
    },
    {
      name: 'raw-sql-stays-in-db',
      severity: 'error',
      from: { pathNot: '^server/db/' },
      to: { path: '^server/db/raw\\.ts$' },
    },
    {
      name: 'names-are-looked-up-in-one-place',
      severity: 'error',
      from: { path: '^(server|inngest|cli|app)/', pathNot: `^server/adapters/(egress|dns)/|${tests}` },
      to: { dependencyTypes: ['core'], path: '^(node:)?dns' },
    },
    onlyBehind('only-the-adapter-knows-anthropic', '^server/adapters/model/', '@anthropic-ai'),
    onlyBehind('only-the-adapter-knows-openai', '^server/adapters/model/', 'openai'),
    onlyBehind('only-the-sandbox-knows-engines', '^server/adapters/sandbox/', 'dockerode|docker-modem|tar-stream|e2b'),
    onlyBehind('only-the-reader-of-pages-knows-turndown', '^server/adapters/web/', 'turndown'),
    onlyBehind('only-the-adapter-knows-mcp', '^server/adapters/mcp/', '@modelcontextprotocol'),
    onlyBehind('only-db-knows-prisma', '^server/db/|^server/boot/migrate', '@prisma'),
    onlyBehind('only-inngest-knows-inngest', '^inngest/', 'inngest'),
    onlyBehind('only-the-engine-knows-graphile', '^inngest/local/', 'graphile-worker'),
    onlyBehind('only-the-adapter-knows-openid', '^server/adapters/sign-in/', 'openid-client'),
    onlyBehind('only-mail-knows-nodemailer', '^server/adapters/mail/|^server/auth/', 'nodemailer'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(server/db/generated|\\.next|samples)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
