/**
 * Who may import whom. One direction: capability → law, the ledger's port → kernel. Projections know event types and the
 * kernel only. Nothing imports the portal.
 */
const capabilities = 'clocks|registry|enforcement|disclosure|oversight|appraisal|privacy|draws';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no reading order.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'kernel-is-pure',
      comment:
        'The kernel knows nothing but itself: no Nest, no I/O, no other folder; class-validator for the marks of commands.',
      severity: 'error',
      from: { path: '^src/kernel' },
      to: { pathNot: '^(src/kernel|node_modules/(reflect-metadata|class-validator|class-transformer))' },
    },
    {
      name: 'law-stands-alone',
      comment: 'Law is data: it uses the kernel and libraries, no capability.',
      severity: 'error',
      from: { path: '^src/law' },
      to: { path: '^(src|projections)', pathNot: '^src/(law|kernel)' },
    },
    {
      name: 'verification-runs-anywhere',
      comment:
        'What outsiders verify with: the same code in Node and in browsers, so nothing but WebCrypto and the kernel.',
      severity: 'error',
      from: { path: '^src/verification' },
      to: { pathNot: '^src/(verification|kernel/(errors|canonical-json|time)\\.ts$)' },
    },
    {
      name: 'ledger-knows-nothing-of-enforcement',
      severity: 'error',
      from: { path: '^src/ledger' },
      to: {
        path: '^(src|projections)',
        pathNot: '^(src/(ledger|kernel|verification)|projections/projection\\.ts$)',
      },
    },
    {
      name: 'projections-are-folds',
      comment: 'Event types, kernel, and each other’s folder only; no Nest, no SQL.',
      severity: 'error',
      from: { path: '^projections' },
      to: { pathNot: `^(projections|src/kernel|src/[a-z/-]+-(events|types)\\.ts$)` },
    },
    {
      name: 'rules-are-pure',
      comment:
        'Deciders, procedures and gates: no Nest, no store, no projection. Modules, controllers and managers may.',
      severity: 'error',
      from: {
        path: `^src/(${capabilities})`,
        pathNot: '\\.(module|controller|manager|queries)\\.tsx?$',
      },
      to: {
        path: '^(src/(ledger|api|access|transparency|portal|console)|projections|node_modules/(@nestjs|better-sqlite3|kysely))',
      },
    },
    {
      name: 'nothing-imports-the-portal',
      severity: 'error',
      from: { path: '^(src|projections)', pathNot: '^src/(portal|console|app\\.module\\.ts)' },
      to: { path: '^src/(portal|console)' },
    },
    {
      name: 'telemetry-only-watches',
      comment:
        'Start-up hands it what it watches. The HTTP side takes the correlation id and the trace of a caller from it.',
      severity: 'error',
      from: { path: '^(src|projections)', pathNot: '^src/(telemetry/|server\\.ts|api/(http|logger)\\.ts)' },
      to: { path: '^src/telemetry' },
    },
    {
      name: 'stores-only-behind-the-port',
      comment: 'Only start-up, the command line and the store itself name a concrete store.',
      severity: 'error',
      from: { path: '^(src|projections)', pathNot: '^src/(ledger/|app\\.module\\.ts|server\\.ts|cli|cli\\.ts)' },
      to: { path: '^src/ledger/(sqlite|eventstoredb)' },
    },
    {
      name: 'tests-stay-outside',
      severity: 'error',
      from: { path: '^(src|projections)' },
      to: { path: '^test' },
    },
    {
      name: 'only-declared-dependencies',
      severity: 'error',
      from: { path: '^(src|projections)' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'import', 'default'] },
  },
};
