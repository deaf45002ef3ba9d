import type { Program } from "../graph/program.ts";
import type { BackendKind } from "../runtime/backends.ts";
import type { Read, RunResult } from "../runtime/execute.ts";
import { type Text, t } from "../text/text.ts";
import type { Client } from "./client.ts";

/** What a further pass of the last run's program gives. */
export interface PassOptions {
  /** Module paths whose outputs are read. */
  readonly taps?: readonly string[];
  readonly statistics?: boolean;
  /** In place of the last run's own inputs. */
  readonly inputs?: readonly Float32Array[];
}

/** The last run, for as long as the worker holds its program and weights. */
export interface Live {
  readonly program: Program;
  /** In PyTorch's axis order, one for each of the program's. */
  readonly inputs: readonly Float32Array[];
  readonly backend: BackendKind;
  readonly result: RunResult;
  /** A module's output in the last run; read once, and by another pass where the run did not keep it. */
  readonly read: (path: string) => Promise<Read | Text>;
  /** The same where it was read before. */
  readonly known: (path: string) => Read | undefined;
  /** Another pass. */
  readonly run: (options: PassOptions) => Promise<RunResult | Text>;
  /** Any other question to the worker, asked of this program. */
  readonly ask: Client["ask"];
}

/** What the runner holds of a run that is over. */
export interface LiveSource {
  readonly client: Client;
  readonly program: Program;
  readonly inputs: readonly Float32Array[];
  readonly backend: BackendKind;
  readonly result: RunResult;
  /** Module paths whose outputs the worker still has. */
  readonly kept: readonly string[];
}

/** Outputs that were read are held up to so many elements together (128 MB). */
const READ_LIMIT = 32 << 20;

const GONE = t("the run is over: run the model again");

/** `end` makes every question answer that the run is over: the worker has another program, or none. */
export function liveRun(source: LiveSource): { readonly live: Live; readonly end: () => void } {
  const { client, program, inputs, kept } = source;
  let over = false;
  const reads = new Map<string, Read>();
  const waiting = new Map<string, Promise<Read | Text>>();

  const ask: Client["ask"] = async (kind, request, progress) => {
    if (over) return { kind: "error", reason: GONE };
    const reply = await client.ask(kind, request, progress);
    return over ? { kind: "error", reason: GONE } : reply;
  };
  const run = async (options: PassOptions): Promise<RunResult | Text> => {
    const reply = await ask("result", { kind: "run", inputs, keep: kept, ...options });
    return reply.kind === "error" ? reply.reason : reply.result;
  };
  const fetch = async (path: string): Promise<Read | Text> => {
    if (kept.includes(path)) {
      const reply = await ask("value", { kind: "read", path });
      if (reply.kind === "error") return reply.reason;
      if (reply.value !== undefined) return reply.value;
    }
    const result = await run({ taps: [path] });
    if ("template" in result) return result;
    return result.taps.get(path) ?? t("{0} gave no tensor in this run", path === "" ? "forward" : path);
  };
  const remember = (path: string, read: Read): void => {
    reads.set(path, read);
    let held = 0;
    for (const [key, one] of [...reads].reverse()) {
      held += one.data.length;
      if (READ_LIMIT < held && key !== path) reads.delete(key);
    }
  };
  const live: Live = {
    program,
    inputs,
    backend: source.backend,
    result: source.result,
    known: (path) => reads.get(path),
    read: (path) => {
      const found = reads.get(path);
      if (found !== undefined) return Promise.resolve(found);
      const asked =
        waiting.get(path) ??
        fetch(path).then((read) => {
          waiting.delete(path);
          if (!("template" in read)) remember(path, read);
          return read;
        });
      waiting.set(path, asked);
      return asked;
    },
    run,
    ask,
  };
  return {
    live,
    end: () => {
      over = true;
      reads.clear();
    },
  };
}
