/** Who may import whom; the layout and its reasons are in README.md, "Architecture". */
const only = (name, from, ...allowed) => ({
  name,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: '^(server|shared|web|tests|bench)/', pathNot: [from, ...allowed].map((p) => `^${p}/`) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    only('shared-imports-nothing', 'shared'),
    only('realtime-is-generic', 'server/realtime'),
    only('market-is-pure', 'server/market', 'shared'),
    only('journal', 'server/journal', 'server/market', 'shared'),
    only('feeds', 'server/feeds', 'server/realtime', 'server/market', 'shared'),
    only('api', 'server/api', 'server/feeds', 'server/realtime', 'server/market', 'server/journal', 'shared'),
    {
      name: 'web-sees-shared-and-the-router-type',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(server|tests|bench)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-takes-only-the-router-type',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^server/', pathNot: '^server/api/router\\.ts$' },
    },
    {
      name: 'pure-places-have-no-io',
      severity: 'error',
      from: { path: '^(shared|server/market)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'realtime-uses-trpc-and-ws-only',
      severity: 'error',
      from: { path: '^server/realtime/' },
      to: { dependencyTypes: ['npm'], pathNot: 'node_modules/(@trpc/|ws/|@types/ws/)' },
    },
    { name: 'not-to-tests', severity: 'error', from: { pathNot: '^(tests|bench)/' }, to: { path: '^(tests|bench)/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
