import type { ToHost, ToPage } from "../preview/messages.ts";

interface VsCodeApi {
  readonly postMessage: (message: ToHost) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension on the other side, and the memory that outlives a hidden panel. */
export interface Host {
  readonly post: (message: ToHost) => void;
  readonly load: () => unknown;
  readonly save: (state: unknown) => void;
  readonly listen: (receive: (message: ToPage) => void) => void;
}

export function connect(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    load: () => api.getState(),
    save: (state) => api.setState(state),
    listen: (receive) =>
      window.addEventListener("message", (event: MessageEvent<ToPage>) => {
        if (typeof event.data === "object" && event.data !== null && "kind" in event.data) receive(event.data);
      }),
  };
}
