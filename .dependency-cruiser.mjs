/**
 * Who may import whom: the arrows of README.md, "Architecture". Files directly under server/ (main, app, http,
 * config, …) put the parts together and may import anything; so may server/ops, tests and bench.
 */
const LAYERS = {
  shared: [],
  // The typed client for browser and Node: it needs the types of the router and of what sessions are made of.
  'shared/client': ['server/api/router\\.ts$', 'shared/auth\\.ts$'],
  // A wallet for browser and Node: what signs knows addresses, and nothing else of ours.
  'shared/wallet': ['shared/ids\\.ts$'],
  'server/realtime': [],
  'server/market': ['shared/'],
  'server/journal': ['server/market/', 'shared/'],
  'server/feeds': ['server/realtime/', 'server/market/', 'shared/'],
  'server/identity': ['shared/'],
  'server/guards': ['shared/'],
  'server/api': [
    'server/guards/',
    'server/identity/',
    'server/feeds/',
    'server/journal/',
    'server/realtime/',
    'server/market/',
    'shared/',
  ],
  'server/gateway': [
    'server/api/context\\.ts$',
    'server/identity/',
    'server/feeds/',
    'server/realtime/',
    'shared/',
  ],
  'server/docs': ['server/api/', 'server/gateway/', 'server/realtime/', 'shared/'],
  'server/sim': [
    'server/api/',
    'server/app\\.ts$',
    'server/feeds/',
    'server/identity/',
    'server/journal/',
    'server/market/',
    'server/realtime/',
    'shared/',
  ],
  web: ['shared/', 'server/api/router\\.ts$'],
};

const OURS = '^(server|shared|web|tests|bench)/';

/** Packages by the path they resolve to; all but these are refused where only pure code may be. */
const PURE_PACKAGES = '(^|/)node_modules/(zod|superjson|@noble/[^/]+|@scure/[^/]+)/';
const REALTIME_PACKAGES = '(^|/)node_modules/(@trpc/[^/]+|(@types/)?ws)/';
const GATEWAY_PACKAGES = '(^|/)node_modules/(zod|(@types/)?ws)/';
const WALLET_PACKAGES =
  '(^|/)node_modules/(@noble/curves|@scure/base|@solana/wallet-standard-(util|features))/';
const CLIENT_PACKAGES = '(^|/)node_modules/(@trpc/client|@trpc/server/dist/observable|superjson)/';

/** A folder inside another one that has a rule of its own goes by that. */
const inner = (folder) =>
  Object.keys(LAYERS)
    .filter((other) => other.startsWith(`${folder}/`))
    .map((other) => `^${other}/`);

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
  { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  // What cannot be found would slip past the rules below, which go by resolved path.
  { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ...Object.entries(LAYERS).map(([folder, allowed]) => ({
    name: `layer-${folder.replace('/', '-')}`,
    severity: 'error',
    from: { path: `^${folder}/`, pathNot: inner(folder) },
    to: { path: OURS, pathNot: [`${folder}/`, ...allowed].map((path) => `^${path}`) },
  })),
  {
    name: 'clients-take-only-types-of-the-server',
    severity: 'error',
    from: { path: '^(web|shared/client)/' },
    to: { path: '^server/', dependencyTypesNot: ['type-only'] },
  },
  {
    // At run time it would bring the schemas, and the package that they are made with, along.
    name: 'the-client-takes-only-types-of-what-is-shared',
    severity: 'error',
    from: { path: '^shared/client/' },
    to: { path: '^shared/', pathNot: '^shared/client/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-node-builtins',
    severity: 'error',
    from: { path: '^(shared|server/market|web)/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'pure-packages',
    severity: 'error',
    from: { path: '^(shared|server/market)/', pathNot: '^shared/(client|wallet)/' },
    to: { path: '(^|/)node_modules/', pathNot: PURE_PACKAGES },
  },
  {
    name: 'client-packages',
    severity: 'error',
    from: { path: '^shared/client/' },
    to: { path: '(^|/)node_modules/', pathNot: CLIENT_PACKAGES },
  },
  {
    name: 'wallet-packages',
    severity: 'error',
    from: { path: '^shared/wallet/' },
    to: { path: '(^|/)node_modules/', pathNot: WALLET_PACKAGES },
  },
  {
    name: 'the-client-is-for-callers',
    severity: 'error',
    from: {
      path: '^(shared|server/(api|feeds|gateway|journal|market|realtime))/',
      pathNot: '^shared/client/',
    },
    to: { path: '^shared/client/' },
  },
  {
    name: 'the-wallet-is-for-callers',
    severity: 'error',
    from: {
      path: '^(shared|server/(api|feeds|gateway|journal|market|realtime))/',
      pathNot: '^shared/wallet/',
    },
    to: { path: '^shared/wallet/' },
  },
  {
    name: 'realtime-packages',
    severity: 'error',
    from: { path: '^server/realtime/' },
    to: { path: '(^|/)node_modules/', pathNot: REALTIME_PACKAGES },
  },
  {
    name: 'gateway-packages',
    severity: 'error',
    from: { path: '^server/gateway/' },
    to: { path: '(^|/)node_modules/', pathNot: GATEWAY_PACKAGES },
  },
  {
    name: 'not-to-tests',
    severity: 'error',
    from: { pathNot: '^(tests|bench)/' },
    to: { path: '^(tests|bench)/' },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Keeps `import type` visible: it is erased before run time, but it is a dependency all the same.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
