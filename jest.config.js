const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs', ignoreDynamic: true },
      },
    ],
  },
  moduleNameMapper: {
    '^spirekit$': '<rootDir>/lib/index.ts',
    '^spirekit/image$': '<rootDir>/lib/image-build/index.ts',
    '^spirekit/pulumi$': '<rootDir>/lib/pulumi/index.ts',
    '^@spirekit/runtime$': '<rootDir>/runtime/src/index.ts',
    '^@spirekit/runtime/package.json$': '<rootDir>/runtime/package.json',
    '^@spirekit/runtime/(.*)$': '<rootDir>/runtime/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/test/support/fast-check.js',
  },
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/runtime/build/', '<rootDir>/dist/'],
};

// The live tiers' runner gives its own.
const SCRATCH = '<rootDir>/test/support/scratch-folder.js';

/** @type {import('jest').Config} */
module.exports = {
  // Many tests wait for a process or a timer: one worker per core keeps the machine busy.
  maxWorkers: '100%',
  // Ends what hangs. That a machine is busy is no failure.
  testTimeout: 30_000,
  projects: [
    {
      ...common,
      displayName: 'runtime',
      globalSetup: SCRATCH,
      testMatch: ['<rootDir>/runtime/test/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'lib',
      globalSetup: SCRATCH,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/live/'],
    },
    {
      ...common,
      displayName: 'live',
      testMatch: ['<rootDir>/test/live/**/*.test.ts'],
      setupFilesAfterEnv: ['<rootDir>/test/live/support/setup.ts'],
    },
  ],
};
