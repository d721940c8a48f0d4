/**
 * Eight projects: `unit` needs nothing, `deploy` no stack, the others run against the real stack that global-setup brings up; `timing` alone on the
 * machine, `faults` after it, `guarantees` and `soak` when asked for.
 */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.local'],
  transformIgnorePatterns: ['/node_modules/'],
};
const stack = {
  globalSetup: '<rootDir>/test/support/stack/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/stack/global-teardown.ts',
};

export default {
  testTimeout: 360_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/{libs,apps,deploy,bench,test/support}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$'],
    },
    {
      ...shared,
      ...stack,
      displayName: 'integration',
      testMatch: ['<rootDir>/{libs,apps}/**/*.integration.test.ts'],
    },
    { ...shared, ...stack, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
    { ...shared, ...stack, displayName: 'guarantees', testMatch: ['<rootDir>/test/guarantees/*.test.ts'] },
    { ...shared, ...stack, displayName: 'soak', testMatch: ['<rootDir>/test/guarantees/soak/*.test.ts'] },
    { ...shared, ...stack, displayName: 'faults', testMatch: ['<rootDir>/test/guarantees/short/*.test.ts'] },
    {
      ...shared,
      globalSetup: '<rootDir>/test/deploy/global-setup.ts',
      displayName: 'deploy',
      testMatch: ['<rootDir>/test/deploy/**/*.test.ts'],
    },
    { ...shared, ...stack, displayName: 'timing', testMatch: ['<rootDir>/test/timing/**/*.test.ts'] },
  ],
};
