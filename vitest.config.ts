import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);
const exclude = [...configDefaults.exclude, '**/generated/**', '**/.madang/**'];
const workers = Math.min(4, availableParallelism());

// Otherwise graphql is loaded twice, as an ES module by us and as CommonJS by Apollo's packages, and refuses the other one's schemas.
const resolve = { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] };

export default defineConfig({
  test: {
    maxWorkers: workers,
    reporters: process.env.CI
      ? ['default', ['junit', { outputFile: '.madang/junit.xml' }], ...(process.env.GITHUB_ACTIONS ? ['github-actions'] : [])]
      : ['default'],
    projects: [
      {
        resolve,
        test: { name: 'unit', include: ['**/*.spec.ts'], exclude: [...exclude, '**/*.int.spec.ts'] },
      },
      {
        resolve,
        test: {
          name: 'integration',
          include: ['**/*.int.spec.ts'],
          exclude,
          globalSetup: ['kernel/testing/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each scenario has processes of its own, and timings in it: one after the other.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
