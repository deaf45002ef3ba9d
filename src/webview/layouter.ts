import { isColumn } from "../preview/column.ts";
import type { Drawing } from "../preview/drawing.ts";
import { layout } from "../preview/layout.ts";
import type { PreviewView, ViewNode } from "../preview/model.ts";
import type { Table } from "../text/text.ts";
import { fetchBytes } from "./client.ts";
import { type Say, titleOf } from "./words.ts";

/** To the layout's own thread. */
export type LayoutRequest =
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "view"; readonly view: PreviewView }
  | {
      readonly kind: "layout";
      readonly id: number;
      readonly open: readonly string[];
      readonly room: number;
      readonly charWidth: number;
    };

export interface LayoutAnswer {
  readonly id: number;
  readonly drawing: Drawing;
}

export interface LayoutWish {
  readonly view: PreviewView;
  readonly open: ReadonlySet<string>;
  readonly room: number;
  readonly charWidth: number;
}

/** Lays drawings out: small ones at once, large ones on a thread of their own. */
export interface Layouter {
  /** Only the last wish is answered. */
  readonly layout: (wish: LayoutWish, done: (drawing: Drawing) => void) => void;
}

/** Up to this weight a layout takes a few milliseconds, less than to ask a thread for it and to draw twice. */
const AT_ONCE = 150;
/** What a connection among ranked boxes weighs beside a box in a column. */
const RANKED = 4;

export function makeLayouter(workerUri: string, table: Table, say: Say): Layouter {
  let thread: Promise<Worker | undefined> | undefined;
  let sent: PreviewView | undefined;
  let last = 0;
  let answered: (drawing: Drawing) => void = () => undefined;

  async function start(): Promise<Worker | undefined> {
    try {
      const url = URL.createObjectURL(new Blob([await fetchBytes(workerUri)], { type: "text/javascript" }));
      const worker = new Worker(url);
      URL.revokeObjectURL(url);
      worker.addEventListener("message", ({ data }: MessageEvent<LayoutAnswer>) => {
        if (data.id === last) answered(data.drawing);
      });
      post(worker, { kind: "table", table });
      return worker;
    } catch {
      // A page that may not start threads draws by itself, if more slowly.
      return undefined;
    }
  }

  return {
    layout({ view, open, room, charWidth }, done) {
      const id = ++last;
      const here = (): void => done(layout(view, { open, room, charWidth, title: (node) => titleOf(node, say) }));
      if (weightOf(view.network, open, AT_ONCE) < AT_ONCE) {
        here();
        return;
      }
      answered = done;
      thread ??= start();
      void thread.then((worker) => {
        if (id !== last) return;
        if (worker === undefined) {
          here();
          return;
        }
        if (sent !== view) post(worker, { kind: "view", view });
        sent = view;
        post(worker, { kind: "layout", id, open: [...open], room, charWidth });
      });
    },
  };
}

function post(worker: Worker, request: LayoutRequest): void {
  worker.postMessage(request);
}

/** How long a layout takes, in boxes of a column; weighed no further than `most`. */
function weightOf(node: ViewNode, open: ReadonlySet<string>, most: number): number {
  if (!open.has(node.id)) return 1;
  let weight = isColumn(node) ? 0 : RANKED * node.edges.length;
  for (const child of node.children) {
    if (most <= weight) break;
    weight += weightOf(child, open, most - weight);
  }
  return weight;
}
