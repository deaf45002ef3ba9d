import axe from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { toView } from "../../src/preview/view.ts";
import { t } from "../../src/text/text.ts";
import { analysisOf, N, RESNET18, resnet } from "../preview/networks.ts";
import { digits, ranDigits, tab } from "./digits.ts";
import { SLOW_RUN, send, useBench } from "./page.ts";
import { THEMES } from "./themes.ts";

const bench = useBench(true);

/**
 * What axe holds to be serious or critical, and where. A shape that is written `[N, 64]` is spoken `N by 64`, which one
 * of its rules would not have.
 */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { readonly axe: { readonly run: (options: object) => Promise<AxeResult> } };
    const { violations } = await axe.run({ rules: { "label-content-name-mismatch": { enabled: false } } });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
      );
  });
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

describe.each(Object.keys(THEMES) as (keyof typeof THEMES)[])(
  "axe finds nothing serious in %s",
  { timeout: SLOW_RUN },
  (theme) => {
    test("before there is a model, without one, and with one", async () => {
      const page = await bench.open(THEMES[theme], { width: 640, height: 730 });
      expect((await violations(page)).join("\n")).toBe("");
      await send(page, { kind: "view", view: digits.view });
      await page.locator("svg.diagram").waitFor();
      expect((await violations(page)).join("\n")).toBe("");
      await page.getByRole("button", { name: "run options" }).click();
      await page.getByRole("button", { name: "tree of layers" }).click();
      expect((await violations(page)).join("\n")).toBe("");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      expect((await violations(page)).join("\n")).toBe("");
      await page.getByRole("button", { name: "Cancel" }).click();
      await send(page, { kind: "nothing", reason: t("no forward pass could be followed") });
      expect((await violations(page)).join("\n")).toBe("");
      await page.close();
    });

    test("with a shortcut that does not fit", async () => {
      const build = (n: typeof N | 1) => resnet({ ...RESNET18, strideAll: true }, n);
      const made = toView({ analysis: analysisOf(build(1), build(N), "Tutorial()"), roots: [] });
      if (made.kind !== "ok") throw new Error("nothing to show");
      const page = await bench.open(THEMES[theme], { width: 640, height: 730 });
      await send(page, { kind: "view", view: made.view });
      await page.locator("svg.diagram").waitFor();
      expect((await violations(page)).join("\n")).toBe("");
      await page.close();
    });

    test("in each tab of a run", async () => {
      const page = await ranDigits(bench, theme);
      for (const name of await page.getByRole("tab").allTextContents()) {
        await tab(page, name).click();
        await page.locator("[aria-busy]").waitFor({ state: "detached" });
        expect((await violations(page)).join("\n"), name).toBe("");
      }
      await tab(page, "feature maps").click();
      await page.locator('button.map[data-channel="3"]').click();
      expect((await violations(page)).join("\n")).toBe("");
      await page.close();
    });
  },
);
