import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/set-up/longest-first.ts';

const folders = '{src,facades,lab,demo,sim,scripts,test}';

export default defineConfig({
  test: {
    // A test that passes at the second try is a failing test.
    retry: 0,
    allowOnly: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${folders}/**/*.test.ts`],
          exclude: ['**/node_modules/**', '**/*.lab.test.ts'],
          setupFiles: ['test/set-up/no-network-no-spawn.ts'],
          // Against a test that hangs; a crowded machine takes many times what a quiet one does.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'lab',
          include: [`${folders}/**/*.lab.test.ts`],
          globalSetup: ['test/set-up/lab.ts'],
          // Containers boot and daemons time out in their own time.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each file has a lab of its own, which mostly waits; more than three would wait for two processors as well.
          fileParallelism: true,
          maxWorkers: 3,
        },
      },
    ],
  },
});
