import everything from '../../jest.config.js';

/** The unit tests beside what is broken: they are to notice it, not those of whatever happens to use it, which take many times as long. */
const TESTS = '<rootDir>/libs/{kafka/src/consume,dispatch/src/{breaker,bulkhead},domain/src}/**/*.test.ts';
const unit = everything.projects.find(({ displayName }) => displayName === 'unit');

export default {
  ...unit,
  testMatch: [TESTS],
  rootDir: process.cwd(),
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
  testTimeout: everything.testTimeout,
};
