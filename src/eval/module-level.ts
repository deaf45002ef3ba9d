import type { FrameState, Interp } from "./interp.ts";
import type { ModuleValue } from "./value.ts";

/** The frame of a module's top level. */
export function moduleFrame(module: ModuleValue): FrameState {
  return {
    function: "<module>",
    module,
    scope: module.scope,
    span: undefined,
    statement: 0,
    path: undefined,
    self: undefined,
    cls: undefined,
  };
}

/** Goes on at a module's top level, outside of the model that is run; what it returns goes back. */
export function enterModule(interp: Interp, frame: FrameState): () => void {
  const { frames, phase, handlers, speculating, graph, recorder, path, argument } = interp;
  Object.assign(interp, {
    frames: [frame],
    phase: "module",
    handlers: 0,
    speculating: 0,
    graph: undefined,
    recorder: undefined,
    path: undefined,
    argument: undefined,
  });
  return () => Object.assign(interp, { frames, phase, handlers, speculating, graph, recorder, path, argument });
}
