import type { PreviewView } from "../preview/model.ts";
import type { Host } from "./host.ts";
import { allNodes, restore, type Saved } from "./state.ts";

/** The state is kept at most this often, in milliseconds, and when the page hides. */
const SAVE_PAUSE = 250;

/** The page's state, kept beyond its own life. */
export interface Memory {
  readonly get: () => Saved;
  /** A key that is `undefined` is forgotten. */
  readonly save: (change: { readonly [K in keyof Saved]?: Saved[K] | undefined }) => void;
}

export function startMemory(host: Host): Memory {
  // A reloaded page has lost the bytes of chosen files, so it forgets their names too.
  let saved = forgetFiles(restore(host.load()));
  let keeping: ReturnType<typeof setTimeout> | undefined;
  const keepNow = (): void => {
    clearTimeout(keeping);
    keeping = undefined;
    const { view, earlier } = saved;
    host.save({ ...saved, view: smallOf(view), earlier: smallOf(earlier) });
  };
  window.addEventListener("pagehide", keepNow);
  document.addEventListener("visibilitychange", keepNow);
  return {
    get: () => saved,
    save: (change) => {
      saved = { ...saved, ...change } as Saved;
      // Scrolling alone would send the whole view many times a second.
      keeping ??= setTimeout(keepNow, SAVE_PAUSE);
    },
  };
}

/** A view of more nodes than this comes anew from the extension sooner than it is kept. */
const KEPT_NODES = 400;

function smallOf(view: PreviewView | undefined): PreviewView | undefined {
  return view !== undefined && KEPT_NODES < allNodes(view).length ? undefined : view;
}

function forgetFiles(saved: Saved): Saved {
  const { weights: _, inputs = {}, ...settings } = saved.settings;
  const kept = Object.entries(inputs).filter(([, { kind }]) => kind === "noise" || kind === "zeros");
  return { ...saved, settings: { ...settings, inputs: Object.fromEntries(kept) } };
}
