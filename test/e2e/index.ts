import type { Page } from "playwright-core";
import { SCREEN_LIMIT, workbenchReady } from "./editor.ts";
import { STEPS } from "./steps.ts";

/** What one walk through the steps needs from the script that started VS Code. */
export interface Walk {
  readonly page: Page;
  /** Where the workbench answers, its folder included. */
  readonly url: string;
  /** The last step to take; all of them if there is none of this name. */
  readonly until: string | undefined;
  /** Keeps a picture under this name. */
  screenshot(name: string): Promise<void>;
}

/**
 * Walks through the first minute and prints each step.
 * @returns the counts; a step that fails ends the walk, since the next one builds on it, and the rest count as failed
 */
export async function walk({ page, url, until, screenshot }: Walk): Promise<{ passed: number; failed: number }> {
  page.setDefaultTimeout(SCREEN_LIMIT);
  await page.goto(url, { waitUntil: "commit", timeout: 2 * SCREEN_LIMIT });
  await workbenchReady(page);
  const last = STEPS.findIndex(({ name }) => name === until);
  const steps = last < 0 ? STEPS : STEPS.slice(0, last + 1);
  for (const [index, { name, run }] of steps.entries()) {
    const start = performance.now();
    try {
      await run(page);
      await screenshot(`${index + 1}-${name}`);
      console.log(`  ✓ ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      await screenshot(`${index + 1}-${name}-failed`);
      console.log(`  ✗ ${name}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return { passed: index, failed: steps.length - index };
    }
  }
  return { passed: steps.length, failed: 0 };
}
