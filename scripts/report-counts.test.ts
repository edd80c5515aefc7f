import { expect, test } from 'vitest'
import { countCheck, countPlaywright, countPython, countVitest, sumCounts } from './report-counts.mjs'

const vitestReport = (counts: Partial<Record<'passed' | 'failed' | 'pending' | 'todo', number>>, brokenFiles = 0) => ({
  numPassedTests: counts.passed ?? 0,
  numFailedTests: counts.failed ?? 0,
  numPendingTests: counts.pending ?? 0,
  numTodoTests: counts.todo ?? 0,
  testResults: [
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
    { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
    ...Array.from({ length: brokenFiles }, () => ({ status: 'failed', assertionResults: [] }))
  ].slice(counts.failed ? 0 : 2)
})

const playwrightReport = (expected: number, unexpected = 0, flaky = 0, skipped = 0) => ({
  stats: { expected, unexpected, flaky, skipped }
})

test('passes and failures are taken as they are', () => {
  expect(countVitest(vitestReport({ passed: 7, failed: 2 }), 1)).toEqual({ passed: 7, failed: 2, skipped: 0 })
  expect(countPlaywright(playwrightReport(3, 1), 1)).toEqual({ passed: 3, failed: 1, skipped: 0 })
})

test('a skipped, unfinished or flaky test counts as failed', () => {
  expect(countVitest(vitestReport({ passed: 7, pending: 1, todo: 1 }), 0)).toEqual({ passed: 7, failed: 2, skipped: 2 })
  expect(countPlaywright(playwrightReport(3, 0, 1, 2), 0)).toEqual({ passed: 3, failed: 3, skipped: 2 })
})

test("Python's counts go by the same rules", () => {
  expect(countPython({ passed: 9, failed: 0, skipped: 0 }, 0)).toEqual({ passed: 9, failed: 0, skipped: 0 })
  expect(countPython({ passed: 8, failed: 1, skipped: 2 }, 1)).toEqual({ passed: 8, failed: 3, skipped: 2 })
  expect(countPython({ passed: 0, failed: 0, skipped: 0 }, 1).failed).toBe(1)
  expect(countPython(null, 1).failed).toBe(1)
})

test('a file that can not be loaded is a failure', () => {
  expect(countVitest(vitestReport({ passed: 7 }, 2), 1)).toEqual({ passed: 7, failed: 2, skipped: 0 })
})

test('a run that breaks off, or runs nothing, is a failure', () => {
  expect(countVitest(vitestReport({ passed: 7 }), 1).failed).toBe(1)
  expect(countVitest(vitestReport({}), 0).failed).toBe(1)
  expect(countVitest(null, 137).failed).toBe(1)
  expect(countPlaywright(playwrightReport(0), 0).failed).toBe(1)
  expect(countPlaywright(null, 1).failed).toBe(1)
})

test('counts add up', () => {
  const all = [countCheck(true), countCheck(false), { passed: 3, failed: 2, skipped: 1 }]
  expect(sumCounts(all)).toEqual({ passed: 4, failed: 3, skipped: 1 })
})
