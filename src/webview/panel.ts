import type { PanelData } from "../preview/html.ts";
import type { FilePurpose, ToPage } from "../preview/messages.ts";
import type { PreviewView, ViewNode, ViewPlace } from "../preview/model.ts";
import { type Text, t } from "../text/text.ts";
import { drawCard } from "./card.ts";
import { drawDiagram } from "./diagram.ts";
import { el } from "./dom.ts";
import { drawHead, drawLegend, drawTotals } from "./head.ts";
import type { Host } from "./host.ts";
import { announcer } from "./live.ts";
import { drawNotes } from "./notes.ts";
import { drawResults } from "./results.ts";
import { drawOptions } from "./run.ts";
import { runLine } from "./run-line.ts";
import { type ChosenFile, makeRunner, type Running } from "./runner.ts";
import { openIds, restore, type Saved, shownFor, trail } from "./state.ts";
import { drawTree } from "./tree.ts";
import { type Say, titleOf } from "./words.ts";

export interface PanelContext {
  readonly host: Host;
  readonly data: PanelData;
  readonly say: Say;
}

/** The page: its state, and the parts that are drawn from it. */
export interface Panel {
  readonly receive: (message: ToPage) => void;
}

/** From this width on, in pixels, the tree stands beside the drawing unless the user closed it. */
const ROOMY = 880;
/** The state is kept at most this often, in milliseconds, and when the page hides. */
const SAVE_PAUSE = 250;

export function startPanel({ host, data, say }: PanelContext): Panel {
  // A reloaded page has lost the bytes of chosen files, so it forgets their names too.
  let saved: Saved = forgetFiles(restore(host.load()));
  let lit: readonly string[] = [];
  let running: { readonly request: number; job: Running | undefined } | undefined;
  let requests = 0;
  let line: { readonly text: string; readonly error: boolean } | undefined;
  let nothing: Text | undefined;
  let keeping: ReturnType<typeof setTimeout> | undefined;
  /** The width that the diagram was last drawn for, in pixels. */
  let drawnFor = 0;
  const files: Partial<Record<FilePurpose, ChosenFile>> = {};

  const runner = makeRunner(data);
  const live = announcer();
  const head = el("div", { class: "slot" });
  const options = el("div", { class: "slot" });
  const notice = el("div", { class: "slot" });
  const side = el("nav", { class: "side", "aria-label": say(t("tree of layers")) });
  const scroll = el("main", { class: "scroll" });
  const picture = el("div", { class: "picture" });
  const dock = el("div", { class: "dock" });
  const foot = el("footer", { class: "foot" });
  const page = el(
    "div",
    { class: "panel" },
    head,
    options,
    notice,
    el("div", { class: "middle" }, side, scroll),
    dock,
    foot,
    live.element,
  );
  document.body.append(page);
  window.addEventListener("resize", () => layoutTree());
  new ResizeObserver(fit).observe(scroll);
  window.addEventListener("pagehide", keepNow);
  document.addEventListener("visibilitychange", keepNow);
  side.addEventListener("focusin", () => page.classList.add("by-keyboard"));
  side.addEventListener("focusout", () => page.classList.remove("by-keyboard"));
  scroll.addEventListener("scroll", () => save({ scroll: scroll.scrollTop }));

  function save(change: Partial<Saved>): void {
    saved = { ...saved, ...change };
    keep();
  }

  /** Scrolling alone would send the whole view many times a second. */
  function keep(): void {
    if (keeping === undefined) keeping = setTimeout(keepNow, SAVE_PAUSE);
  }

  function keepNow(): void {
    clearTimeout(keeping);
    keeping = undefined;
    host.save(saved);
  }

  function treeShown(): boolean {
    return saved.tree ?? ROOMY <= window.innerWidth;
  }

  function layoutTree(): void {
    page.classList.toggle("with-tree", treeShown());
  }

  function open(view: PreviewView): ReadonlySet<string> {
    return openIds(view, saved.toggled);
  }

  function selectedId(view: PreviewView): string {
    const { selected } = saved;
    return selected !== undefined && 0 < trail(view, selected).length ? selected : view.network.id;
  }

  function drawAll(): void {
    drawTop();
    drawBody();
    drawDock();
    drawFoot();
  }

  function drawTop(): void {
    const { view } = saved;
    layoutTree();
    const actions = {
      say,
      post: host.post,
      run,
      cancel,
      toggleTree: () => {
        save({ tree: !treeShown() });
        drawTop();
      },
      toggleOptions: () => {
        save({ options: saved.options !== true });
        drawTop();
      },
    };
    const focus = focusKey(head);
    head.replaceChildren(
      ...(view === undefined
        ? []
        : [
            drawHead(
              view,
              { running: running !== undefined, tree: treeShown(), options: saved.options === true },
              actions,
            ),
          ]),
    );
    restoreFocus(head, focus);
    drawSettings();
    notice.replaceChildren(
      ...(nothing === undefined
        ? []
        : [el("p", { class: "nothing", role: "status" }, el("span", { class: "misfit glyph" }, "✕ "), say(nothing))]),
    );
    page.classList.toggle("stale", nothing !== undefined);
  }

  /** By itself, because a setting changes while the pointer is on its way to the head's buttons. */
  function drawSettings(): void {
    const focus = focusKey(options);
    options.replaceChildren(
      ...(saved.view === undefined || saved.options !== true
        ? []
        : [
            drawOptions(saved.settings, {
              say,
              change: (settings) => {
                save({ settings });
                drawSettings();
              },
              pick: (purpose) => {
                host.post({ kind: "pick-file", purpose });
                drawSettings();
              },
            }),
          ]),
    );
    restoreFocus(options, focus);
  }

  function drawBody(): void {
    const { view } = saved;
    if (view === undefined) {
      scroll.replaceChildren(nothing === undefined ? el("p", { class: "waiting" }, say(t("reading the model…"))) : "");
      side.replaceChildren();
      return;
    }
    const shown = open(view);
    const focused = side.contains(document.activeElement);
    const top = scroll.scrollTop;
    picture.replaceChildren(diagramOf(view, shown));
    scroll.replaceChildren(
      drawTotals(view, say),
      drawLegend(view, say),
      picture,
      drawNotes(view, say, (place) => reveal(place, true)),
    );
    scroll.scrollTop = top;
    side.replaceChildren(
      drawTree(view, shown, selectedId(view), say(t("layers of {0}", view.head.root)), {
        move,
        select,
        enter,
        toggle,
        say,
      }),
    );
    mark(view);
    if (focused) focusTree();
  }

  function diagramOf(view: PreviewView, shown: ReadonlySet<string>): SVGSVGElement {
    drawnFor = roomOf(scroll);
    return drawDiagram(
      view,
      shown,
      { charWidth: charWidth(), room: drawnFor },
      { select, toggle, title: (node) => titleOf(node, say), words: (template) => say({ template, args: [] }) },
    );
  }

  /** The panel, or what the tree leaves of it, has another width. */
  function fit(): void {
    const { view } = saved;
    if (view === undefined || picture.parentElement === null || roomOf(scroll) === drawnFor) return;
    picture.replaceChildren(diagramOf(view, open(view)));
    mark(view);
  }

  /** Marks the selected and the highlighted nodes, without drawing anew. */
  function mark(view: PreviewView): void {
    const shown = open(view);
    const selected = selectedId(view);
    const visible = shownFor(view, selected, shown);
    const bright = new Set(lit.map((id) => shownFor(view, id, shown)));
    for (const node of scroll.querySelectorAll<SVGElement>(".node")) {
      node.classList.toggle("selected", node.dataset.id === visible && selected !== view.network.id);
      node.classList.toggle("lit", bright.has(node.dataset.id ?? ""));
    }
    for (const entry of side.querySelectorAll<HTMLElement>("[role=treeitem]")) {
      const own = entry.dataset.id === visible;
      entry.setAttribute("aria-selected", String(own));
      entry.tabIndex = own ? 0 : -1;
      entry.classList.toggle("lit", bright.has(entry.dataset.id ?? ""));
    }
  }

  function focusTree(): void {
    side.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]')?.focus({ preventScroll: false });
  }

  function bringIntoView(id: string | undefined): void {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const node of scroll.querySelectorAll<SVGElement>(".node")) {
      if (node.dataset.id !== id) continue;
      node.scrollIntoView({ block: "nearest", inline: "nearest", behavior: calm ? "auto" : "smooth" });
      return;
    }
  }

  function drawDock(): void {
    const { view, report } = saved;
    const node = view === undefined ? undefined : trail(view, selectedId(view)).at(-1);
    dock.replaceChildren(
      ...(node === undefined ? [] : [drawCard(node, say, (place) => reveal(place, true))]),
      ...(report === undefined || report.root !== view?.head.root ? [] : [drawResults(report, say, closeReport)]),
    );
  }

  function closeReport(): void {
    const { report: _, ...rest } = saved;
    saved = rest;
    keep();
    drawDock();
  }

  function drawFoot(): void {
    const report = saved.report?.root === saved.view?.head.root ? saved.report : undefined;
    if (line !== undefined) {
      // The spinner turns on while the words beside it change.
      const busy = foot.querySelector(".busy");
      if (busy !== null && running !== undefined) {
        busy.textContent = line.text;
        return;
      }
      const glyph = line.error
        ? el("span", { class: "misfit glyph" }, "✕ ")
        : running === undefined
          ? undefined
          : el("span", { class: "spinner", "aria-hidden": "true" });
      foot.replaceChildren(
        el(
          "span",
          { class: line.error ? "error" : "" },
          glyph,
          el("span", { class: running === undefined ? "" : "busy" }, line.text),
        ),
      );
      return;
    }
    foot.replaceChildren(...runLine(report, say).map((text) => el("span", {}, text)));
  }

  function nodeOf(id: string): ViewNode | undefined {
    return saved.view === undefined ? undefined : trail(saved.view, id).at(-1);
  }

  function reveal(place: ViewPlace | undefined, focus: boolean): void {
    if (place !== undefined) host.post({ kind: "reveal", place, focus });
  }

  function move(id: string): void {
    if (saved.view === undefined) return;
    save({ selected: id });
    mark(saved.view);
    focusTree();
    bringIntoView(id);
    drawDock();
  }

  function select(id: string): void {
    if (saved.view === undefined) return;
    const inTree = side.contains(document.activeElement);
    save({ selected: id });
    mark(saved.view);
    drawDock();
    if (inTree) {
      focusTree();
      bringIntoView(id);
    }
    reveal(nodeOf(id)?.place, false);
  }

  function enter(id: string): void {
    move(id);
    reveal(nodeOf(id)?.place, true);
  }

  function toggle(id: string): void {
    const { view } = saved;
    if (view === undefined || nodeOf(id)?.children.length === 0) return;
    save({ toggled: { ...saved.toggled, [id]: !open(view).has(id) } });
    // What is closed over the selection takes it, or the focus would be lost.
    const visible = shownFor(view, selectedId(view), open(view));
    if (visible !== undefined && visible !== selectedId(view)) save({ selected: visible });
    drawBody();
    drawDock();
  }

  function run(): void {
    if (saved.view === undefined || running !== undefined) return;
    requests++;
    running = { request: requests, job: undefined };
    progress(t("asking for the program…"));
    drawTop();
    host.post({ kind: "program", request: requests });
  }

  function cancel(): void {
    running?.job?.cancel();
    finish("cancelled", []);
    line = { text: say(t("cancelled")), error: false };
    live.announce(line.text);
    drawFoot();
  }

  function finish(outcome: "done" | "failed" | "cancelled", output: readonly (readonly number[])[]): void {
    running = undefined;
    host.post({ kind: "ran", outcome, output });
    drawTop();
  }

  function fail(reason: Text): void {
    finish("failed", []);
    line = { text: say(reason), error: true };
    live.announce(line.text);
    drawFoot();
  }

  function progress(text: Text): void {
    line = { text: say(text), error: false };
    live.announce(line.text);
    drawFoot();
  }

  function start(message: Extract<ToPage, { kind: "program" }>): void {
    const { view } = saved;
    if (running?.request !== message.request || view === undefined) return;
    const job = {
      root: view.head.root,
      program: message.program,
      settings: saved.settings,
      weights: saved.settings.weights === undefined ? undefined : files.weights,
      image: saved.settings.image === undefined ? undefined : files.image,
      stages: view.network.children.map((node) => ({ label: titleOf(node, say), node })),
    };
    running.job = runner.start(job, {
      progress,
      failed: fail,
      done: (report) => {
        finish("done", [report.output.shape]);
        line = undefined;
        save({ report });
        live.announce(runLine(report, say).join(", "));
        drawDock();
        drawFoot();
      },
    });
  }

  function receiveFile(purpose: FilePurpose, file: ChosenFile): void {
    files[purpose] = file;
    save({ settings: { ...saved.settings, [purpose]: file.name } });
    line = undefined;
    drawSettings();
    drawFoot();
  }

  function receive(message: ToPage): void {
    switch (message.kind) {
      case "view": {
        nothing = undefined;
        const other = saved.view !== undefined && saved.view.head.root !== message.view.head.root;
        save({ view: message.view, ...(other ? { toggled: {} } : {}) });
        if (other) line = undefined;
        drawAll();
        if (other) scroll.scrollTop = 0;
        break;
      }
      case "nothing":
        nothing = message.reason;
        drawAll();
        break;
      case "highlight":
        lit = message.ids;
        if (saved.view !== undefined) {
          mark(saved.view);
          const [first] = lit;
          if (first !== undefined) bringIntoView(shownFor(saved.view, first, open(saved.view)));
        }
        break;
      case "program":
        start(message);
        break;
      case "no-program":
        if (running?.request === message.request) fail(t("this model cannot run yet: {0}", message.reason));
        break;
      case "file":
        receiveFile(message.purpose, { name: message.name, bytes: message.bytes });
        break;
      case "no-file":
        line = { text: say(message.reason), error: true };
        live.announce(line.text);
        drawFoot();
        break;
      case "run":
        run();
        break;
    }
  }

  drawAll();
  scroll.scrollTop = saved.scroll ?? 0;
  return { receive };
}

function forgetFiles(saved: Saved): Saved {
  const { image: _image, weights: _weights, ...settings } = saved.settings;
  return { ...saved, settings };
}

/** Which control of a slot has the focus, so that drawing it anew keeps it. */
function focusKey(slot: HTMLElement): number {
  return [...slot.querySelectorAll("button, select, input")].indexOf(document.activeElement ?? slot);
}

function restoreFocus(slot: HTMLElement, key: number): void {
  const control = [...slot.querySelectorAll<HTMLElement>("button, select, input")][key];
  if (0 <= key) control?.focus();
}

/** Pixels that a box's content may be wide. */
function roomOf(box: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(box);
  return box.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}

/** Width of one character of the editor's font at 12 px. */
function charWidth(): number {
  const font =
    getComputedStyle(document.documentElement).getPropertyValue("--vscode-editor-font-family") || "monospace";
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) return 7.3;
  context.font = `12px ${font}`;
  return context.measureText("MMMMMMMMMM").width / 10 || 7.3;
}
