import type { Tab } from "./tab.ts";
import { results } from "./tabs/results.ts";

/** The dock's tabs, in the order of the strip. */
export const TABS: readonly Tab[] = [results];
