import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const require = createRequire(import.meta.url);
const exclude = [...configDefaults.exclude, '**/generated/**', '**/.madang/**'];
/** One more than there are cores: much of a test is waiting for servers. */
const workers = Math.min(4, availableParallelism() + 1);

// Otherwise graphql is loaded twice, as an ES module by us and as CommonJS by Apollo's packages, and refuses the other one's schemas.
const resolve = { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] };

/** What takes longest. On a clean clone nothing is known of that; begun last, each would be waited for by all other workers. */
const LONGEST = [
  'e2e/textbooks/crash.e2e.ts',
  'e2e/pt/others-out.e2e.ts',
  'subgraphs/my-pages/rebuild.int.spec.ts',
  'subgraphs/wallets/crashes.int.spec.ts',
  'subgraphs/notifications/telegram.int.spec.ts',
  'tools/schema/events/events.spec.ts',
  'tools/schema/types.spec.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

/** Scenarios with promises of time in them, while something is out: nothing else runs beside them. */
const ALONE = ['e2e/cleaning/others-out.e2e.ts', 'e2e/textbooks/{payments,broker}-out.e2e.ts', 'e2e/payment-methods/*.e2e.ts'];

/** Each file starts a platform of its own. */
const scenarios = (
  name: string,
  { groupOrder, ...files }: { include: string[]; exclude: string[]; maxWorkers: number; groupOrder: number },
) => ({
  resolve,
  test: { ...files, name, testTimeout: 120_000, hookTimeout: 120_000, sequence: { groupOrder } },
});

export default defineConfig({
  test: {
    maxWorkers: workers,
    sequence: { sequencer: LongestFirst },
    reporters: process.env.CI
      ? ['default', ['junit', { outputFile: '.madang/junit.xml' }], ...(process.env.GITHUB_ACTIONS ? ['github-actions'] : [])]
      : ['default'],
    projects: [
      {
        resolve,
        // Nothing of them is left after a test, so they need no worker for each file; that takes a third of their time.
        test: { name: 'unit', include: ['**/*.spec.ts'], exclude: [...exclude, '**/*.int.spec.ts'], isolate: false },
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
      scenarios('e2e', { include: ['e2e/**/*.e2e.ts'], exclude: [...exclude, ...ALONE], maxWorkers: 2, groupOrder: 2 }),
      scenarios('e2e-alone', { include: ALONE, exclude, maxWorkers: 1, groupOrder: 3 }),
    ],
  },
});
