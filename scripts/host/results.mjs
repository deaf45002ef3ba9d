/**
 * The counts that a suite printed as its last word (`test/host/mocha-run.ts`).
 *
 * @param {readonly string[]} lines what the host printed
 * @param {number} code the host's exit code
 * @returns {{ passed: number, failed: number }} a host that ended badly without a failed test counts as one
 */
export function suiteResult(lines, code) {
  const found = lines.findLast((line) => line.includes(MARK));
  if (found === undefined) return { passed: 0, failed: 1 };
  const { passed, failed } = JSON.parse(found.slice(found.indexOf(MARK) + MARK.length));
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) };
}

/** Whether a line is for this reader and not for people. */
export function isResultLine(line) {
  return line.includes(MARK);
}

const MARK = "host-suite-result ";
