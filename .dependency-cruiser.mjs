/**
 * Who may import whom. The tables below are the whole truth; the rules are derived from them.
 * Checked by `tests/static/imports.test.ts`, which also plants a violation of each rule.
 */

/** Workspace → the workspaces it may import, by their package names only. */
const WORKSPACES = {
  contract: [],
  portal: ['contract'],
  'chat-node': ['contract'],
  stubs: [],
  server: ['contract'],
  cli: ['contract', 'server'],
  tests: ['contract', 'scripts'],
  scripts: ['contract', 'server'],
};

const GROUND = ['lib'];
const STORES = [...GROUND, 'limits', 'faults', 'egress', 'bus', 'storage'];
const MANNERS = [...STORES, 'monitor', 'http'];
const ACCOUNTS = [...MANNERS, 'events', 'resources', 'identity'];
const FEATURES = ['rooms', 'chat', 'phone-numbers', 'sms', 'relay', 'media', 'calling', 'telephony'];

/** Folder of server/src → the folders it may import. Lower never imports higher, and sideways only what is listed. */
const SERVER_FOLDERS = {
  lib: [],
  limits: GROUND,
  faults: GROUND,
  egress: GROUND,
  bus: GROUND,
  storage: GROUND,
  monitor: STORES,
  http: STORES,
  events: MANNERS,
  resources: [...MANNERS, 'events'],
  identity: [...MANNERS, 'events', 'resources'],
  rooms: ACCOUNTS,
  chat: ACCOUNTS,
  'phone-numbers': ACCOUNTS,
  relay: ACCOUNTS,
  media: ['lib', 'monitor'],
  smpp: GROUND,
  sms: [...ACCOUNTS, 'phone-numbers', 'smpp'],
  calling: [...ACCOUNTS, 'rooms', 'media', 'relay'],
  telephony: [...ACCOUNTS, 'rooms', 'media', 'relay', 'calling', 'phone-numbers'],
  admin: [...ACCOUNTS, ...FEATURES],
  // The settings name presets and levels; everything else is handed its checked part by app.ts.
  config: [...GROUND, 'limits'],
};

/** Other folders enter a folder of the server here; `testing.ts` is what it offers to their tests. */
const FACE = '^server/src/[^/]+/index\\.ts$';
const TEST_FACE = '^server/src/[^/]+/testing\\.ts$';
const TEST_FILE = '([.](test|bench)[.]tsx?|/testing[.]ts)$';

const anyOf = (names) => `(${names.join('|')})`;

function workspaceRules() {
  const names = Object.keys(WORKSPACES);
  return names.map((name) => ({
    name: `workspace-${name}`,
    comment: `${name}/ may import ${WORKSPACES[name].join(', ') || 'no other workspace'}`,
    severity: 'error',
    from: { path: `^${name}/` },
    to: { path: `^${anyOf(names.filter((other) => other !== name && !WORKSPACES[name].includes(other)))}/`, pathNot: 'node_modules' },
  }));
}

function folderRules() {
  const names = Object.keys(SERVER_FOLDERS);
  return names.map((name) => ({
    name: `folder-${name}`,
    comment: `server/src/${name}/ may import ${SERVER_FOLDERS[name].join(', ') || 'no other folder'}`,
    severity: 'error',
    from: { path: `^server/src/${name}/` },
    to: { path: '^server/src/', pathNot: `^server/src/${anyOf([name, ...SERVER_FOLDERS[name]])}/` },
  }));
}

const generalRules = [
  {
    name: 'folder-unknown',
    comment: 'every folder of server/src has a row in the table of .dependency-cruiser.mjs',
    severity: 'error',
    from: { path: '^server/src/[^/]+/', pathNot: `^server/src/${anyOf(Object.keys(SERVER_FOLDERS))}/` },
    to: {},
  },
  {
    name: 'main-only-app-and-config',
    comment: 'main.ts joins config and app; app.ts is the composition root',
    severity: 'error',
    from: { path: '^server/src/main\\.ts$' },
    to: { path: '^server/src/', pathNot: '^server/src/(app\\.ts|(config|lib)/)' },
  },
  {
    name: 'folder-face',
    comment: 'another folder is entered through its index.ts only, except lib/',
    severity: 'error',
    from: { path: '^server/src/([^/]+)/', pathNot: TEST_FILE },
    to: { path: '^server/src/[^/]+/', pathNot: ['^server/src/$1/', '^server/src/lib/', FACE] },
  },
  {
    name: 'folder-face-of-tests',
    comment: 'a test may enter another folder through its testing.ts too',
    severity: 'error',
    from: { path: '^server/src/([^/]+)/.*' + TEST_FILE },
    to: { path: '^server/src/[^/]+/', pathNot: ['^server/src/$1/', '^server/src/lib/', FACE, TEST_FACE] },
  },
  {
    name: 'folder-face-of-app',
    comment: 'app.ts and main.ts, too, enter folders through their index.ts only',
    severity: 'error',
    from: { path: '^server/src/[^/]+\\.ts$' },
    to: { path: '^server/src/[^/]+/', pathNot: ['^server/src/lib/', FACE, TEST_FACE] },
  },
  {
    name: 'package-face',
    comment: 'another workspace is imported by its package name: its public face',
    severity: 'error',
    from: { path: `^${anyOf(Object.keys(WORKSPACES))}/`, pathNot: ['^tests/', '^scripts/'] },
    to: { path: `^${anyOf(Object.keys(WORKSPACES))}/`, pathNot: '^$1/', dependencyTypes: ['local'] },
  },
  {
    name: 'no-test-code-in-product',
    comment: 'product code imports no tests',
    severity: 'error',
    from: { pathNot: [TEST_FILE, '^tests/', '^scripts/'] },
    to: { path: TEST_FILE, pathNot: 'node_modules' },
  },
  {
    name: 'no-cycles',
    comment: 'a cycle has no lower end: cut it with a port',
    severity: 'error',
    from: { pathNot: 'node_modules' },
    to: { circular: true },
  },
  {
    name: 'no-unresolvable',
    comment: 'every import leads somewhere',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-package',
    comment: "product code imports only what its package.json declares as dependencies (the portal's are bundled)",
    severity: 'error',
    from: { path: '^(contract|server|cli|chat-node)/', pathNot: TEST_FILE },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [...workspaceRules(), ...folderRules(), ...generalRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    // Type-only imports are dependencies too, and workspaces are seen through their exports.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'types', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};
