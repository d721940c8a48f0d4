import everything from '../../jest.config.js';

/** The unit tests alone: mutants are looked for in what needs no stack. */
const unit = everything.projects.find(({ displayName }) => displayName === 'unit');

export default {
  ...unit,
  rootDir: process.cwd(),
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
  testTimeout: everything.testTimeout,
};
