import { mine, said, unreadable, type Trick } from './trick.ts';

const rule = 's6-publishing';

/** A package of its own, whose scripts have names like what is refused. */
const withPackage = (command: string) =>
  `echo '{"name":"own","version":"1.0.0","scripts":{"test":"echo mine","publish-docs":"echo mine"}}' > package.json; ${command}`;

/** Ways to put something before the world from a sandbox: no preset allows one, whatever stands behind it. */
export const publishingCommands: Trick[] = [
  {
    id: 'publish',
    tries: 'publish a package',
    command: 'npm publish',
    rule,
    twin: withPackage('npm run -s publish-docs'),
    does: 'run a script of a like name',
    shows: mine,
  },
  {
    id: 'publish-short',
    tries: 'publish by the beginning of the word, behind an option',
    command: 'npm --registry http://127.0.0.1:9 publ --tag next',
    rule,
    twin: withPackage('npm pack -s'),
    does: 'pack it',
    shows: said('own-1\\.0\\.0\\.tgz'),
  },
  {
    id: 'publish-behind',
    tries: 'publish behind the tests',
    command: 'npm test && npm publish --access public',
    rule,
    twin: withPackage('npm test -s'),
    does: 'run the tests',
    shows: mine,
  },
  {
    id: 'publish-wrapped',
    tries: 'publish in wrappers',
    command: 'env CI=1 timeout 9 yarn workspace app npm publish',
    rule,
    twin: 'env CI=1 timeout 9 echo mine',
    does: 'wrap another',
    shows: mine,
  },
  {
    id: 'publish-by-file',
    tries: 'have node run the file of npm',
    command: 'node /opt/node/lib/node_modules/npm/bin/npm-cli.js publish',
    rule,
    twin: 'mkdir -p scripts; echo "console.log(\'mine\')" > scripts/publish.js; node scripts/publish.js',
    does: 'have it run a file of a like name',
    shows: mine,
  },
  {
    id: 'publish-by-input',
    tries: 'hand the word over by xargs',
    command: 'echo publish | xargs npm',
    rule: unreadable,
    twin: 'echo mine | xargs echo',
    does: 'hand over another',
    shows: mine,
  },
  {
    id: 'publish-elsewhere',
    tries: 'publish for another language',
    command: 'python3 -m twine upload dist/*; cargo +nightly publish; gem push own.gem',
    rule,
    twin: "echo '[1]' | python3 -m json.tool --compact",
    does: 'run another module',
    shows: said('\\[1\\]'),
  },
  {
    id: 'publish-image',
    tries: 'push an image',
    command: 'docker --context far image push a/b',
    rule,
    twin: 'echo docker image push | wc -w',
    does: 'speak of it',
    shows: said('3'),
  },
  {
    id: 'publish-release',
    tries: 'make a release at the code host',
    command: 'gh -R a/b release create v1',
    rule,
    twin: 'echo "gh release create v1" | wc -w',
    does: 'speak of it',
    shows: said('4'),
  },
  {
    id: 'publish-account',
    tries: 'get rights to publish',
    command: 'npm adduser; npm token create; npm owner add a own; npm dist-tag add own@1 latest',
    rule,
    twin: withPackage('npm pkg get -s name'),
    does: 'look at what is there',
    shows: said('"own"'),
  },
  {
    id: 'new-package',
    tries: 'have the package manager add a name',
    command: 'cd sub; npm i --save-dev left-pad',
    rule: 'w6-new-dependency',
    twin: withPackage('npm install -s && echo mine'),
    does: 'install what is named already',
    shows: mine,
  },
  {
    id: 'new-package-apart',
    tries: 'fetch a package that no list names, and run it',
    command: 'npm install --no-save left-pad; npx left-pad@1',
    rule: 's3-download-and-run',
    twin: withPackage('npm ls -s && echo mine'),
    does: 'look at what is installed',
    shows: /^allow; exited 0\n(?:.*\n)*mine\n$/u,
  },
];
