import type { Page } from "playwright-core";
import { choose } from "./choose.ts";
import { editDiagram } from "./edit-diagram.ts";
import { SCREEN_LIMIT, workbenchReady } from "./editor.ts";
import { firstMinute } from "./first-minute.ts";
import { notebook } from "./notebook.ts";
import { openSample } from "./open-sample.ts";
import { repair } from "./repair.ts";
import { trained } from "./trained.ts";
import { typing } from "./typing.ts";
import { untrusted } from "./untrusted.ts";
import type { Walk } from "./walk.ts";

/** Every walk, in the order in which they are taken. */
export const WALKS: readonly Walk[] = [
  firstMinute,
  openSample,
  repair,
  choose,
  editDiagram,
  trained,
  notebook,
  typing,
  untrusted,
];

/** What one walk needs from the script that started VS Code. */
export interface Start {
  readonly page: Page;
  /** Where the workbench answers, its folder included. */
  readonly url: string;
  /** The last step to take; all of them if there is none of this name. */
  readonly until: string | undefined;
  /** Keeps a picture under this name. */
  screenshot(name: string): Promise<void>;
}

/**
 * Takes a walk and prints each step.
 * @returns the counts; a step that fails ends the walk, since the next one builds on it, and the rest count as failed
 */
export async function take(
  walk: Walk,
  { page, url, until, screenshot }: Start,
): Promise<{ passed: number; failed: number }> {
  page.setDefaultTimeout(SCREEN_LIMIT);
  await walk.begin?.(page);
  await page.goto(url, { waitUntil: "commit", timeout: 2 * SCREEN_LIMIT });
  await workbenchReady(page, walk.open);
  const last = walk.steps.findIndex(({ name }) => name === until);
  const steps = last < 0 ? walk.steps : walk.steps.slice(0, last + 1);
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
