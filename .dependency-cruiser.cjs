// Which room may import which: the table of ARCHITECTURE.md, as rules. Types count as imports.
// Every rule here must be broken once in test/architecture/canary, or `npm test` fails: a rule that
// sees nothing looks just like a rule that is kept.

/** A package of npm, however it is declared. */
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];

/** Where src/ is asked for: other than these rooms of it. */
const otherThan = (...rooms) => `^src/(?!(?:${rooms.join('|')})/)`;

/** A rule for a room of src: it may import itself and the rooms named. */
const room = (name, rooms, comment) => ({
  name: `${name}-imports-only-${rooms.length === 0 ? 'itself' : rooms.join('-')}`,
  comment,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: otherThan(name, ...rooms) },
});

/** A rule that a room uses no library and nothing of Node. */
const pure = (name, comment) => ({
  name: `${name}-is-pure`,
  comment,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { dependencyTypes: [...npm, 'core'] },
});

/** A rule that a library is known in one room only. */
const only = (library, rooms, comment) => ({
  name: `${library}-only-in-${rooms.join('-')}`,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(?:${rooms.join('|')})/` },
  to: { path: `node_modules/${library}/` },
});

module.exports = {
  forbidden: [
    room('domain', [], 'The words of the field outlive every product and library, so they know none.'),
    pure('domain', 'What decides must be testable with plain values: no files, no network, no clock.'),
    room(
      'lib',
      ['domain'],
      'Wrappers of libraries serve every room, so they know nothing of what is done with them.',
    ),
    room(
      'checks',
      ['domain'],
      'A diagnosis is a function of the name chain alone; else it could not be replayed.',
    ),
    pure('checks', 'The same chain must give the same finding on every machine.'),
    room(
      'observe',
      ['domain', 'checks', 'lib', 'plan', 'apply'],
      'The loop sees products through ports only.',
    ),
    room('plan', ['domain', 'checks'], 'A plan is computed from what was observed, and asks nobody.'),
    pure('plan', 'A plan that is computed twice from the same chain must be the same plan.'),
    room(
      'apply',
      ['domain', 'checks', 'lib', 'plan', 'observe'],
      'The loop sees products through ports only.',
    ),
    room(
      'provision',
      ['domain', 'observe', 'plan', 'apply'],
      'Rebuild and clone are flows over ports; wiring is not theirs.',
    ),
    room('bundle', ['domain', 'lib'], 'A bundle is read where nothing else of the site can be.'),
    room('state', ['domain', 'lib'], 'What is kept on disk must be readable without any product.'),
    room(
      'server',
      ['domain', 'observe', 'plan', 'apply', 'state', 'lib'],
      'The server shows the loop, and knows no product.',
    ),
    room(
      'adapters',
      ['domain', 'lib'],
      'An adapter translates one product into the domain; it does not know what for.',
    ),
    {
      name: 'adapters-know-one-product',
      comment: 'Shells and DHCP clients meet at a port: N + M adapters, never N x M.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/[^/]+/', pathNot: '^src/adapters/$1/' },
    },
    room('config', ['domain', 'adapters'], 'The configuration is composed of what each product asks for.'),
    {
      name: 'config-reads-only-config-of-adapters',
      comment: 'Reading the configuration must not load the code that talks to products.',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/[^/]+/config\\.ts$' },
    },
    {
      name: 'only-wiring-knows-adapters',
      comment: 'One place says which product serves which port; commands see ports.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:adapters|config)/|^src/cli/wire[^/]*(?:\\.ts$|/)' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'product-imports-no-stand-in',
      comment: 'What is published must not need what it was tested with.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/main\\.ts$' },
      to: { path: '^(?:facades|lab|demo|sim|test|bench|scripts)/' },
    },
    {
      name: 'main-imports-no-stand-in-but-the-demo',
      comment: 'The package holds the simulated demo, and of all that it was tested with nothing else.',
      severity: 'error',
      from: { path: '^src/cli/main\\.ts$' },
      to: { path: '^(?:facades|lab|sim|test|bench|scripts)/|^demo/(?!on-sim/)' },
    },
    {
      name: 'published-demo-imports-no-lab',
      comment: 'Whoever installs the package has neither the lab nor what it needs.',
      severity: 'error',
      from: { path: '^demo/', pathNot: '^demo/(?:on-lab/|main\\.ts$|truename\\.ts$)' },
      to: { path: '^(?:facades|lab|test|bench|scripts)/|^demo/(?:on-lab/|main\\.ts$|truename\\.ts$)' },
    },
    {
      name: 'facades-import-only-domain',
      comment: 'A stand-in that shares code with the adapter would share its mistakes.',
      severity: 'error',
      from: { path: '^facades/' },
      to: { path: `${otherThan('domain')}|^(?:lab|demo|sim|test|bench|scripts)/` },
    },
    {
      name: 'facades-know-one-product',
      comment: 'Each stand-in answers as its own product does.',
      severity: 'error',
      from: { path: '^facades/([^/]+)/' },
      to: { path: '^facades/[^/]+/.', pathNot: '^facades/$1/' },
    },
    {
      name: 'worlds-import-only-domain-and-facades',
      comment: 'A world that used the code under test could agree with its faults.',
      severity: 'error',
      from: { path: '^(?:lab|sim)/' },
      to: { path: `${otherThan('domain')}|^(?:test|bench|scripts)/` },
    },
    {
      name: 'worlds-know-one-another-not',
      comment: 'What holds in the lab and in memory is shown by the contract tests, not by shared code.',
      severity: 'error',
      from: { path: '^(lab|sim)/' },
      to: { path: '^(?:lab|sim)/', pathNot: '^$1/' },
    },
    only('undici', ['lib'], 'The TLS pin holds only in the one place that sets it.'),
    only('execa', ['lib'], 'Processes are started without a shell, bounded and killable, in one place.'),
    only('commander', ['cli'], 'The command line is one of several doors.'),
    {
      name: 'product-uses-declared-packages-only',
      comment:
        'A development package, or one that is there by chance, is missing where Truename is installed.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that cannot be followed escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: `${__dirname}/tsconfig.json` },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Tests may reach anywhere: they are not part of what is built.
    exclude: { path: '\\.test\\.ts$|/fixtures/' },
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
