import { defineConfig } from 'vitest/config';

/** Rooms whose tests talk to something real: Redis, HTTP, git. Every other package is core. */
const adapterRooms = [
  'packages/{github,github-sim,queue,store,testkit}/**/*.test.ts',
  'services/**/*.test.ts',
];

export default defineConfig({
  test: {
    exclude: ['**/node_modules/**', '**/dist/**', '**/.gatehouse/**', '**/.tools/**'],
    pool: 'forks',
    maxWorkers: 2,
    teardownTimeout: 20_000,
    // The groups run one after the other, so that a slow neighbour never explains a timeout.
    projects: [
      {
        extends: true,
        test: {
          name: 'core',
          include: ['packages/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', ...adapterRooms],
          // Random histories and texts take seconds; a busy machine makes that tens.
          testTimeout: 40_000,
          hookTimeout: 10_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'adapters',
          include: adapterRooms,
          testTimeout: 60_000,
          // The first Redis of a machine may have to be fetched.
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'blackbox',
          include: ['tests/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 400_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
