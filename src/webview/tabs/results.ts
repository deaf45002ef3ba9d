import { type Text, t } from "../../text/text.ts";
import { el } from "../dom.ts";
import { drawFit } from "../fit-box.ts";
import { modeDifference } from "../mode-difference.ts";
import { namesRow } from "../names-row.ts";
import { decimal, percent, shapeText } from "../numbers.ts";
import type { RunReport } from "../report.ts";
import type { Tab, TabContext } from "../tab.ts";
import type { Say } from "../words.ts";

/** What a run gave: the greatest outputs as bars, each stage's statistics, and how the shapes compare. */
export const results: Tab = {
  id: "results",
  title: t("result"),
  shown: ({ report }) => report !== undefined,
  draw: (context) => (context.report === undefined ? el("section", {}) : drawResults(context.report, context)),
};

function drawResults(report: RunReport, context: TabContext): HTMLElement {
  const { say } = context;
  const section = el("section", { class: "results" });
  section.append(...(report.stop === undefined ? outputOf(report, say) : untilStop(report.stop, report, say)));
  section.append(verdict(report, say));
  if (report.weights === undefined) {
    section.append(
      el(
        "p",
        { class: "quiet" },
        say(t("untrained weights: shapes, statistics and time are real, classes mean nothing")),
      ),
    );
  }
  // A report that an older page remembered has no lists.
  if (report.fit?.lists !== undefined) section.append(drawFit(report.fit, say, context.actions.reveal));
  section.append(
    el(
      "div",
      { class: "columns" },
      0 < report.output.top.length ? bars(report, context) : undefined,
      statistics(report, say),
    ),
  );
  if (report.reason !== undefined)
    section.append(el("p", { class: "quiet" }, say(t("{0}: {1}", report.backend, report.reason))));
  if (context.live !== undefined) section.append(modeDifference(context.live, context));
  return section;
}

function outputOf({ output }: RunReport, say: Say): readonly HTMLElement[] {
  const shape = el("span", { class: "mono output-shape" }, shapeText(output.shape));
  return [el("h2", {}, say(t("output")), " ", shape)];
}

/** A run that did not come to its end shows what was computed before. */
function untilStop(stop: Text, { cancelled, stages }: RunReport, say: Say): readonly HTMLElement[] {
  const look = cancelled === true ? "caution" : "misfit";
  const last = stages.at(-1);
  return [
    el("p", { role: "alert" }, el("span", { class: `${look} glyph` }, "✕ "), say(stop)),
    el(
      "p",
      { class: "quiet" },
      say(
        last === undefined ? t("no layer was computed") : t("shown is what was computed before, up to {0}", last.label),
      ),
    ),
  ];
}

function verdict(report: RunReport, say: Say): HTMLElement {
  if (report.differences.length === 0) {
    return el(
      "p",
      { class: "verdict" },
      el("span", { class: "ok glyph" }, "✓ "),
      say(t("every shape as analyzed ({0} tensors)", report.compared)),
    );
  }
  const box = el("div", { class: "ours", role: "alert" });
  box.append(
    el(
      "p",
      {},
      el("span", { class: "misfit glyph" }, "✕ "),
      say(
        t(
          "{0} of {1} tensors have another shape than ResNet Lens says: this is our error, not yours",
          report.differences.length,
          report.compared,
        ),
      ),
    ),
  );
  const rows = el("ul", {});
  for (const one of report.differences.slice(0, 20)) {
    rows.append(
      el(
        "li",
        { class: "mono" },
        say(t("{0}: analyzed {1}, real {2}", one.path, shapeText(one.expected), shapeText(one.real))),
      ),
    );
  }
  box.append(rows);
  return box;
}

function bars(report: RunReport, context: TabContext): HTMLElement {
  const { say, names } = context;
  const { top } = report.output;
  const table = el("table", { class: "bars" }, el("caption", {}, say(t("greatest outputs"))));
  const low = Math.min(0, ...top.map((one) => one.value));
  const high = Math.max(0, ...top.map((one) => one.value));
  const body = el("tbody", {});
  for (const one of top) {
    const bar = el("span", { class: one.value < 0 ? "bar negative" : "bar" });
    const share = high === low ? 0 : Math.abs(one.value) / Math.max(high, -low);
    bar.style.setProperty("--share", share.toFixed(4));
    const name = names?.nameOf(one.index);
    body.append(
      el(
        "tr",
        {},
        el(
          "th",
          { scope: "row", title: name },
          el("span", { class: "mono quiet" }, `#${one.index}`),
          name === undefined ? undefined : ` ${name}`,
        ),
        el("td", { class: "track" }, bar),
        el("td", { class: "mono number" }, decimal(one.value)),
        one.share === undefined ? undefined : el("td", { class: "mono number" }, percent(one.share)),
      ),
    );
  }
  if (top.some((one) => one.share !== undefined)) table.append(heads(say));
  table.append(body);
  return el("div", {}, table, namesRow(context));
}

function heads(say: Say): HTMLElement {
  const head = (text: string, wide = 1): HTMLElement =>
    el("th", { scope: "col", class: "number", colspan: wide }, text);
  const first = el("th", { scope: "col" }, say(t("class")));
  return el("thead", {}, el("tr", {}, first, head(say(t("value")), 2), head(say(t("share")))));
}

function statistics(report: RunReport, say: Say): HTMLElement {
  const table = el("table", { class: "statistics" }, el("caption", {}, say(t("statistics of each stage"))));
  const heads = [say(t("stage")), say(t("shape")), say(t("mean")), say(t("deviation")), say(t("ms"))];
  const head = el("tr", {});
  heads.forEach((text, i) => {
    head.append(el("th", { scope: "col", class: i < 2 ? "" : "number" }, text));
  });
  const longest = Math.max(...report.stages.map(({ milliseconds }) => milliseconds ?? 0)) || 1;
  const body = el("tbody", {});
  for (const stage of report.stages) {
    body.append(
      el(
        "tr",
        {},
        el("th", { scope: "row", class: "mono" }, stage.label),
        el("td", { class: "mono" }, shapeText(stage.shape)),
        el("td", { class: "mono number" }, decimal(stage.mean)),
        el("td", { class: "mono number" }, decimal(stage.deviation)),
        timeCell(stage.milliseconds, longest),
      ),
    );
  }
  table.append(el("thead", {}, head), body);
  const known = report.stages.every(({ milliseconds }) => milliseconds !== undefined);
  const note = known
    ? undefined
    : el("p", { class: "quiet" }, say(t("on the graphics card the time of a part is not known")));
  return el("div", {}, table, note);
}

function timeCell(milliseconds: number | undefined, longest: number): HTMLElement {
  if (milliseconds === undefined) return el("td", { class: "mono number" }, "–");
  const bar = el("span", { class: "bar time", "aria-hidden": "true" });
  bar.style.setProperty("--share", (milliseconds / longest).toFixed(4));
  return el("td", { class: "mono number" }, milliseconds.toFixed(1), bar);
}
