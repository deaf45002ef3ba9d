/** The part of a mocha runner that reporting needs; the same in Node and in a browser's worker. */
export interface Runner {
  on(event: "pass", listener: (test: Done) => void): unknown;
  on(event: "fail", listener: (test: Done, error: Error) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

interface Done {
  readonly duration?: number | undefined;
  fullTitle(): string;
}

/**
 * Prints each test as it ends, then the counts in the form that `scripts/host/results.mjs` reads.
 * @returns when the last test has ended; an error, which ends the host with code 1, if one failed or none ran
 */
export function reported(runner: Runner): Promise<void> {
  let passed = 0;
  let failed = 0;
  runner.on("pass", (test) => {
    passed += 1;
    console.log(`  ✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
  });
  runner.on("fail", (test, error) => {
    failed += 1;
    console.log(`  ✗ ${test.fullTitle()}\n${error.stack ?? error.message}`);
  });
  return new Promise((resolve, reject) => {
    runner.on("end", () => {
      console.log(`host-suite-result ${JSON.stringify({ passed, failed })}`);
      if (0 < failed) reject(new Error(`${failed} of ${passed + failed} tests failed`));
      else if (passed === 0) reject(new Error("no test ran"));
      else resolve();
    });
  });
}

/** A reporter that prints nothing: {@link reported} does. */
export const Silent = class {} as unknown as Mocha.ReporterConstructor;
