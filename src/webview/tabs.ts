import type { Tab } from "./tab.ts";
import { classMaps } from "./tabs/class-map.ts";
import { compare } from "./tabs/compare.ts";
import { featureMaps } from "./tabs/feature-maps.ts";
import { histograms } from "./tabs/histograms.ts";
import { results } from "./tabs/results.ts";
import { signal } from "./tabs/signal.ts";

/** The dock's tabs, in the order of the strip. */
export const TABS: readonly Tab[] = [results, featureMaps, classMaps, histograms, signal, compare];
