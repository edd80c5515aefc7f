import { defineConfig } from '@playwright/test'
import type { ProgramOptions } from './fixtures.ts'

/**
 * Specs of what the window does with what it has, which take the same way in both mounts: they run in the desktop window only, so that all tests
 * fit their time. Take one out to run it in a browser: each passes there, too.
 */
const sameInBoth = [
  'compare',
  'contrast',
  'directions',
  'filters',
  'history',
  'layout',
  'measure',
  'uncertainty',
  'volume3d-family'
].map((name) => `specs/${name}.spec.ts`)

/** The same specs run in the real desktop window and in a browser against `wedgeview serve`. */
export default defineConfig<ProgramOptions>({
  testDir: '.',
  outputDir: '../test-results',
  globalSetup: './global-setup.ts',
  // Each test starts a program of its own that draws in software.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    // Specs of `serve` start it themselves. Movies of members and comparisons take the way of those that movie.spec.ts makes in both.
    {
      name: 'electron',
      use: { target: 'electron' },
      testIgnore: ['serve-*.spec.ts', 'specs/movie-members.spec.ts']
    },
    // What only the desktop has (native dialogs, a second start) has specs of its own; pictures are of the desktop.
    {
      name: 'chromium',
      use: { target: 'chromium' },
      testIgnore: ['desktop-*.spec.ts', 'specs/screenshots.spec.ts', ...sameInBoth]
    }
  ]
})
