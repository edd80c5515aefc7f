// Counts tests in the JSON reports of vitest and Playwright. A test that was skipped did not pass: it
// counts as failed, so that nothing disappears silently.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {readonly Counts[]} all @returns {Counts} */
export function sumCounts(all) {
  const sum = (key) => all.reduce((total, counts) => total + counts[key], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/** A check that is one thing: it passes or it fails. @returns {Counts} */
export function countCheck(passes) {
  return { passed: passes ? 1 : 0, failed: passes ? 0 : 1, skipped: 0 }
}

/**
 * A run counts as one failure more when its runner failed although no test did, or when it ran nothing:
 * an error outside of any test, a filter that matches nothing, a report that was never written.
 */
function withRunner(counts, exitCode) {
  const ranNothing = counts.passed + counts.failed === 0
  const failedOutside = exitCode !== 0 && counts.failed === 0
  return ranNothing || failedOutside ? { ...counts, failed: counts.failed + 1 } : counts
}

const nothing = { passed: 0, failed: 0, skipped: 0 }

/**
 * @param {unknown} report vitest's JSON report, null where there is none
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countVitest(report, exitCode) {
  if (!report) return withRunner(nothing, exitCode)
  const skipped = report.numPendingTests + report.numTodoTests
  // A file that can't even be loaded has no tests to fail.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
  ).length
  const failed = report.numFailedTests + brokenFiles + skipped
  return withRunner({ passed: report.numPassedTests, failed, skipped }, exitCode)
}

/**
 * @param {unknown} report Playwright's JSON report, null where there is none
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countPlaywright(report, exitCode) {
  if (!report) return withRunner(nothing, exitCode)
  const { expected, unexpected, flaky, skipped } = report.stats
  return withRunner({ passed: expected, failed: unexpected + flaky + skipped, skipped }, exitCode)
}

/**
 * @param {{ passed: number, failed: number, skipped: number } | null} report training/tests/run.py's counts, null where there are none
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countPython(report, exitCode) {
  if (!report) return withRunner(nothing, exitCode)
  const { passed, failed, skipped } = report
  return withRunner({ passed, failed: failed + skipped, skipped }, exitCode)
}
