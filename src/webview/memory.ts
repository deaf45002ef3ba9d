import type { Host } from "./host.ts";
import { restore, type Saved } from "./state.ts";

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
    host.save(saved);
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

function forgetFiles(saved: Saved): Saved {
  const { image: _image, weights: _weights, ...settings } = saved.settings;
  return { ...saved, settings };
}
