/** @import { CaseResult } from "./suite/context.js" */

/** Prints a line per suite and runtime, and every failure with what is known of it. */
export class Report {
  passed = 0;
  failed = 0;

  /**
   * @param {string} runtime
   * @param {string} suite
   * @param {CaseResult[]} results
   */
  suite(runtime, suite, results) {
    const failures = results.filter(({ ok }) => !ok);
    const passed = results.length - failures.length;
    this.passed += passed;
    this.failed += failures.length;
    const counts = failures.length === 0 ? `${passed} passed` : `${passed} passed, ${failures.length} failed`;
    console.log(`${runtime.padEnd(20)} ${suite.padEnd(21)} ${counts}`);
    for (const { name, error = "" } of failures) console.log(`  FAILED ${name}\n${indented(error)}`);
  }

  /**
   * A failure outside of every case.
   *
   * @param {string} runtime
   * @param {string} problem
   */
  broken(runtime, problem) {
    this.failed += 1;
    console.log(`${runtime.padEnd(20)} FAILED\n${indented(problem)}`);
  }

  conclude() {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0;
  }
}

/** @param {string} text */
function indented(text) {
  return text.trimEnd().replace(/^/gm, "    ");
}
