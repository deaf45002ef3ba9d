import type { PanelData } from "../preview/html.ts";
import type { ToPage } from "../preview/messages.ts";
import type { PreviewView, ViewNode, ViewPlace } from "../preview/model.ts";
import { type Text, t } from "../text/text.ts";
import { announcer } from "./announcer.ts";
import { type BodyState, makeBody } from "./body.ts";
import { drawRunMode } from "./computing.ts";
import { makeDock } from "./dock.ts";
import { el, refocus } from "./dom.ts";
import { listenForFiles } from "./drops.ts";
import { makeExplore } from "./explore.ts";
import { drawQuestion } from "./fit-box.ts";
import { drawFoot } from "./foot.ts";
import { drawHead } from "./head.ts";
import type { Host } from "./host.ts";
import { makeLayouter } from "./layouter.ts";
import { startMemory } from "./memory.ts";
import type { MenuItem } from "./menu.ts";
import { makeNumberEditor } from "./number-editor.ts";
import { makeOthers } from "./others.ts";
import { makePin } from "./pin.ts";
import { makePresenter } from "./presenter.ts";
import { redraw } from "./redraw.ts";
import type { RunReport } from "./report.ts";
import { isLow } from "./room.ts";
import { drawOptions } from "./run.ts";
import { inputTypes, makeRunControl } from "./run-control.ts";
import { typedInput } from "./run-inputs.ts";
import { savingItems } from "./saving.ts";
import { openIds, shownFor, trail } from "./state.ts";
import type { Say } from "./words.ts";

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

export function startPanel({ host, data, say }: PanelContext): Panel {
  const memory = startMemory(host);
  const { save } = memory;
  let lit: readonly string[] = [];
  let nothing: Text | undefined;

  const voice = announcer();
  const others = makeOthers(host, memory.get, save);
  const run = makeRunControl({
    host,
    data,
    say,
    announce: voice.announce,
    saved: memory.get,
    save,
    draw: { line: drawLine, running: drawRunning, result: drawDock, options: drawSettings, question: drawAsked },
  });
  const body = makeBody({
    say,
    layouter: makeLayouter(data.layoutUri, data.table, say),
    scale: memory.get().scale ?? 1,
    scaled: (scale) => {
      save({ scale });
      explore.scaled();
    },
    move,
    select,
    enter,
    toggle,
    reveal: (place) => reveal(place, true),
    scrolled: (scroll) => save({ scroll }),
  });
  const numbers = makeNumberEditor({ say, post: host.post, announce: voice.announce });
  const dock = makeDock({
    say,
    numbers,
    select: (id) => {
      select(id);
      body.bringIntoView(id);
    },
    reveal: (place) => reveal(place, true),
    run: run.run,
    other: others.ask,
    earlier: others.earlier,
    foreign: others.foreign,
    pickForeign: () => host.post({ kind: "pick-other" }),
    checkpoint: others.checkpoint,
    pickCheckpoint: () => host.post({ kind: "pick-file", purpose: "beside" }),
    close: () => {
      save({ report: undefined });
      drawDock();
    },
    pickNames: () => host.post({ kind: "pick-file", purpose: "labels" }),
    forgetNames: () => {
      save({ labels: undefined });
      drawDock();
    },
    announce: voice.announce,
    save,
  });
  const explore = makeExplore({
    say,
    picture: body.picture,
    view: () => memory.get().view,
    open: (change) => {
      const { toggled } = memory.get();
      save({ toggled: change === undefined ? {} : { ...toggled, ...change } });
      drawBody();
    },
    show: (id) => {
      select(id);
      body.bringIntoView(id);
    },
    mark,
    focusTree: body.focusTree,
    announce: voice.announce,
  });
  const pin = makePin(say, () => drawBody());
  const presenter = makePresenter({
    say,
    picture: body.picture,
    shown: () => {
      const { view } = memory.get();
      return view === undefined ? undefined : bodyState(view);
    },
    select,
    announce: voice.announce,
    changed: (on) => page.classList.toggle("presenting", on),
  });
  const more = (): readonly MenuItem[] => [
    { text: say(t("present to a class")), key: "P", act: presenter.toggle },
    {
      text: say(pin.isSet() ? t("stop marking changes") : t("mark changes from now on")),
      act: () => {
        const { view } = memory.get();
        if (view !== undefined) pin.toggle(view);
      },
    },
    ...savingItems({ say, picture: body.picture, view: () => memory.get().view, live: run.live, post: host.post }),
  ];
  const head = el("div", { class: "slot" });
  const options = el("div", { class: "slot" });
  const notice = el("div", { class: "slot" });
  const asked = el("div", { class: "slot" });
  const foot = el("footer", { class: "foot" });
  const page = el(
    "div",
    { class: "panel" },
    head,
    options,
    notice,
    asked,
    el("div", { class: "middle" }, body.side, body.scroll, ...explore.elements),
    presenter.element,
    dock.element,
    foot,
    voice.element,
  );
  document.body.append(page);
  listenForFiles({ files: run.takeFiles, uris: (uris) => host.post({ kind: "open-files", uris }) });
  window.addEventListener("resize", () => layoutTree());
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, select, textarea") !== null;
    if (typing) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (presenter.key(event) || explore.key(event)) event.preventDefault();
    else if (plain && event.key === "P") presenter.toggle();
  });
  body.side.addEventListener("focusin", () => page.classList.add("by-keyboard"));
  body.side.addEventListener("focusout", () => page.classList.remove("by-keyboard"));

  function treeShown(): boolean {
    return memory.get().tree ?? ROOMY <= window.innerWidth;
  }

  function layoutTree(): void {
    page.classList.toggle("with-tree", treeShown());
  }

  function selectedId(view: PreviewView): string {
    const { selected } = memory.get();
    return selected !== undefined && 0 < trail(view, selected).length ? selected : view.network.id;
  }

  function bodyState(view: PreviewView): BodyState {
    return {
      view,
      open: openIds(view, memory.get().toggled),
      selected: selectedId(view),
      lit,
      found: explore.found(),
      changed: pin.changed(view),
      since: () => pin.draw(view),
    };
  }

  /** The last run's, where it is of the shown root. */
  function report(): RunReport | undefined {
    const saved = memory.get();
    return saved.report?.root === saved.view?.head.root ? saved.report : undefined;
  }

  /** The model computes something else by now. */
  function stale(): boolean {
    const ran = report();
    return ran !== undefined && ran.key !== memory.get().view?.key;
  }

  function drawAll(): void {
    drawTop();
    drawBody();
    drawDock();
    drawLine();
  }

  function drawTop(): void {
    const { view, options: withOptions } = memory.get();
    layoutTree();
    const actions = {
      say,
      post: host.post,
      run: () => {
        if (isLow()) save({ options: false });
        run.run();
      },
      cancel: run.cancel,
      find: explore.openSearch,
      more,
      toggleTree: () => {
        save({ tree: !treeShown() });
        drawTop();
      },
      toggleOptions: () => {
        save({ options: withOptions !== true });
        drawTop();
      },
    };
    const state = { running: run.running(), tree: treeShown(), options: withOptions === true };
    redraw(head, ...(view === undefined ? [] : [drawHead(view, state, actions)]));
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
    const saved = memory.get();
    if (saved.view === undefined || saved.options !== true) {
      redraw(options);
      return;
    }
    const form = drawOptions(
      { settings: saved.settings, inputs: inputTypes(saved.view), files: run.chosen, offers: run.offers() },
      {
        say,
        samples: data.pictures,
        pictures: run.chosen.transforms,
        takeSample: run.chosen.takeSample,
        drop: run.chosen.drop,
        pick: run.pick,
        change: (settings) => {
          save({ settings });
          drawSettings();
        },
        open: (uri) => host.post({ kind: "open-files", uris: [uri] }),
        resize: (inputs) => host.post({ kind: "change-input", input: inputs.map(typedInput) }),
      },
    );
    form.lastElementChild?.append(...drawRunMode(saved, say, save));
    redraw(options, form);
  }

  function drawAsked(): void {
    const question = run.question();
    redraw(
      asked,
      ...(question === undefined
        ? []
        : [
            drawQuestion(question, say, {
              reveal: (place) => reveal(place, true),
              accept: () => run.answer("partial"),
              other: () => run.answer("other"),
              close: () => run.answer(undefined),
            }),
          ]),
    );
    if (question !== undefined) refocus(asked.querySelector<HTMLElement>("button.primary"));
  }

  function drawBody(): void {
    const { view } = memory.get();
    body.draw(view === undefined ? (nothing === undefined ? say(t("reading the model…")) : "") : bodyState(view));
  }

  function mark(): void {
    const { view } = memory.get();
    if (view !== undefined) body.mark(bodyState(view));
  }

  function drawDock(): void {
    const saved = memory.get();
    const { view } = saved;
    const selected = view === undefined ? undefined : nodeOf(selectedId(view));
    dock.draw(
      view === undefined || selected === undefined
        ? undefined
        : { view, selected, report: report(), stale: stale(), live: run.live(), running: run.running(), saved },
    );
  }

  function drawLine(): void {
    drawFoot(foot, { line: run.line(), running: run.running() }, report(), stale(), say);
  }

  function drawRunning(): void {
    drawTop();
    drawDock();
  }

  function nodeOf(id: string): ViewNode | undefined {
    const { view } = memory.get();
    return view === undefined ? undefined : trail(view, id).at(-1);
  }

  function reveal(place: ViewPlace | undefined, focus: boolean): void {
    if (place !== undefined) host.post({ kind: "reveal", place, focus });
  }

  function move(id: string): void {
    if (memory.get().view === undefined) return;
    save({ selected: id });
    mark();
    body.focusTree();
    body.bringIntoView(id);
    drawDock();
  }

  function select(id: string): void {
    if (memory.get().view === undefined) return;
    const inTree = body.treeHasFocus();
    save({ selected: id });
    mark();
    drawDock();
    if (inTree) {
      body.focusTree();
      body.bringIntoView(id);
    }
    reveal(nodeOf(id)?.place, false);
  }

  function enter(id: string): void {
    move(id);
    reveal(nodeOf(id)?.place, true);
  }

  function toggle(id: string): void {
    const { view, toggled } = memory.get();
    if (view === undefined || nodeOf(id)?.children.length === 0) return;
    save({ toggled: { ...toggled, [id]: !openIds(view, toggled).has(id) } });
    // What is closed over the selection takes it, or the focus would be lost.
    const { selected, open } = bodyState(view);
    const visible = shownFor(view, selected, open);
    if (visible !== undefined && visible !== selected) save({ selected: visible });
    drawBody();
    drawDock();
  }

  function show(view: PreviewView): void {
    nothing = undefined;
    const before = memory.get().view;
    others.show(view, before);
    const other = before !== undefined && before.head.root !== view.head.root;
    save({ view, ...(other ? { toggled: {} } : {}) });
    if (other) run.leave();
    else if (before !== undefined && before.key !== view.key) run.edited(view);
    explore.update();
    drawAll();
    if (other) body.scroll.scrollTop = 0;
  }

  function highlight(ids: readonly string[]): void {
    lit = ids;
    const { view } = memory.get();
    if (view === undefined) return;
    const state = bodyState(view);
    body.mark(state);
    const [first] = ids;
    // What was chosen in the panel stays where the user sees it.
    if (first !== undefined && !ids.includes(state.selected)) body.bringIntoView(shownFor(view, first, state.open));
  }

  function receive(message: ToPage): void {
    switch (message.kind) {
      case "view":
        show(message.view);
        break;
      case "subject":
        save({ subject: message.subject });
        break;
      case "nothing":
        nothing = message.reason;
        drawAll();
        break;
      case "highlight":
        highlight(message.ids);
        break;
      case "other":
        others.receive(message);
        break;
      case "picked-other":
        others.takeForeign({ uri: message.uri, file: message.file, root: message.root });
        drawDock();
        break;
      case "file":
        if (message.purpose === "beside") {
          others.take(message);
          drawDock();
        } else run.receive(message);
        break;
      case "numbers":
        numbers.received(message.request, message.numbers);
        break;
      case "tried":
        numbers.tried(message.request, message.answer);
        break;
      case "saved":
        run.tell(message.text);
        break;
      case "applied":
        numbers.applied(message.reason);
        break;
      case "program":
      case "no-program":
      case "no-file":
      case "opened":
      case "part":
      case "offers":
      case "run":
        run.receive(message);
        break;
    }
  }

  drawAll();
  body.scroll.scrollTop = memory.get().scroll ?? 0;
  return { receive };
}
