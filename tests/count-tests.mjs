/**
 * Passed and failed tests of a vitest JSON report. What did not run counts as failed: a skipped test, a file that
 * could not be loaded, a run that ended badly although no test failed, a report that is missing.
 * @param {unknown} report
 * @param {number} exitCode
 * @returns {{ passed: number, failed: number }}
 */
export function countTests(report, exitCode) {
  if (!isReport(report)) return { passed: 0, failed: 1 };
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  ).length;
  const skipped = report.numPendingTests + report.numTodoTests;
  const failed = report.numFailedTests + skipped + unloaded;
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} FileResult
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   testResults: FileResult[],
 * }} Report
 * @param {unknown} value
 * @returns {value is Report}
 */
function isReport(value) {
  return typeof value === "object" && value !== null && "numPassedTests" in value && "testResults" in value;
}
