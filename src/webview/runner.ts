import type { Program } from "../graph/program.ts";
import { withFeatures } from "../preview/class-head.ts";
import type { PanelData } from "../preview/html.ts";
import type { ViewNode } from "../preview/model.ts";
import type { BackendKind } from "../runtime/backends.ts";
import type { Mode } from "../runtime/model.ts";
import { type Text, t } from "../text/text.ts";
import { type Client, fetchBytes, startClient } from "./client.ts";
import type { FileSource } from "./files.ts";
import { type Fit, fitOfFile } from "./fit.ts";
import { type Live, liveRun } from "./live.ts";
import { reportOf, stopText } from "./outcome.ts";
import type { RunReport } from "./report.ts";
import type { RunSettings } from "./run.ts";
import { type InputSource, inputsOf } from "./run-inputs.ts";

export interface RunJob {
  readonly root: string;
  /** Of the view that the program is of. */
  readonly key: string;
  readonly mode: Mode;
  readonly program: Program;
  readonly settings: RunSettings;
  readonly weights: FileSource | undefined;
  /** Weights that the file does not give may be drawn. */
  readonly partial: boolean;
  readonly inputs: InputSource;
  /** What statistics are asked of. */
  readonly stages: readonly { readonly label: string; readonly node: ViewNode }[];
}

export interface RunEvents {
  readonly progress: (text: Text) => void;
  readonly done: (report: RunReport, live: Live) => void;
  readonly failed: (reason: Text) => void;
  /** Nothing ran: the checkpoint does not give every weight. */
  readonly asks: (fit: Fit) => void;
}

/** A run under way. */
export interface Running {
  /**
   * Ends it: `ended` at once, and no event follows; `stopping` where operators run, and `done` follows with what they
   * gave. Where that takes long, a second call ends it at once.
   */
  readonly cancel: () => "ended" | "stopping";
}

/** A started backend, kept for the next run with the same choice. */
interface Engine {
  readonly client: Client;
  readonly backend: BackendKind;
  readonly renderer: string | undefined;
  readonly reason: Text;
}

type LastRun = ReturnType<typeof liveRun>;

/** Runs programs one after another on a thread that lives on between them. */
export interface Runner {
  readonly start: (job: RunJob, events: RunEvents) => Running;
}

/** Up to this time, in milliseconds, a pass on the graphics card is run a second time, with nothing to compile or read. */
const WORTH_TIMING = 3000;

export function makeRunner(data: PanelData): Runner {
  let last: LastRun | undefined;
  let kept: { readonly choice: RunSettings["backend"]; readonly engine: Engine } | undefined;
  const drop = (): void => {
    last?.end();
    kept?.engine.client.end();
    kept = undefined;
  };
  return {
    start: (job, events) => {
      let live = true;
      let starting: Client | undefined;
      let phase: "preparing" | "operators" | "stopping" = "preparing";
      // The worker will hold another program.
      last?.end();
      const only = (act: () => void): void => {
        if (live) act();
      };
      const engineFor = async (): Promise<Engine | Text> => {
        const choice = job.settings.backend;
        if (kept?.engine.client.gone() === true) drop();
        if (kept !== undefined && kept.choice === choice) return kept.engine;
        drop();
        const engine = await startEngine(choice, data, (client) => {
          starting = client;
        });
        if ("template" in engine) return engine;
        if (live) kept = { choice, engine };
        else engine.client.end();
        return engine;
      };
      const work = async (): Promise<void> => {
        only(() => events.progress(t("starting the backend…")));
        const engine = await engineFor();
        if ("template" in engine) return only(() => events.failed(engine));
        const outcome = await forward(job, engine, {
          progress: (text) => only(() => events.progress(text)),
          operators: () => {
            phase = "operators";
          },
        });
        only(() => {
          if ("template" in outcome) {
            // A backend that failed may have lost its context: the next run gets a new thread.
            drop();
            events.failed(outcome);
          } else if ("lists" in outcome) events.asks(outcome);
          else {
            last = outcome.run;
            events.done(outcome.report, last.live);
          }
        });
      };
      work().catch((error: unknown) => {
        drop();
        only(() => events.failed(t("the run failed: {0}", error instanceof Error ? error.message : String(error))));
      });
      return {
        cancel: () => {
          if (phase === "operators" && kept !== undefined) {
            phase = "stopping";
            kept.engine.client.stop();
            return "stopping";
          }
          live = false;
          starting?.end();
          drop();
          return "ended";
        },
      };
    },
  };
}

async function startEngine(
  choice: RunSettings["backend"],
  data: PanelData,
  started: (client: Client) => void,
): Promise<Engine | Text> {
  const wasm = await fetchBytes(data.wasmUri);
  const attempt = async (backend: BackendKind | undefined): Promise<Engine | Text> => {
    const client = await startClient(data);
    started(client);
    const reply = await client.ask("started", {
      kind: "start",
      wasm,
      ...(backend === undefined ? {} : { backend }),
    });
    if (reply.kind === "started")
      return { client, backend: reply.backend, renderer: reply.renderer, reason: reply.reason };
    client.end();
    return reply.reason;
  };
  if (choice !== "automatic") return attempt(choice);
  const engine = await attempt(undefined);
  if (!("template" in engine)) return engine;
  const second = await attempt("wasm");
  return "template" in second ? second : { ...second, reason: engine };
}

async function forward(
  job: RunJob,
  engine: Engine,
  { progress, operators }: { readonly progress: (text: Text) => void; readonly operators: () => void },
): Promise<{ readonly report: RunReport; readonly run: LastRun } | Fit | Text> {
  const { client } = engine;
  const { settings } = job;
  const { program, path: features } = withFeatures(job.program);
  progress(t("loading {0} weights…", program.weights.length));
  // First, since a picture that is not one is told of before a large checkpoint is read.
  const inputs = await inputsOf(job);
  if ("template" in inputs) return inputs;
  const loaded = await client.ask(
    "loaded",
    {
      kind: "load",
      program,
      seed: settings.seed,
      mode: job.mode,
      weights:
        job.weights === undefined ? { kind: "seed" } : { kind: "parts", size: job.weights.size, partial: job.partial },
    },
    ({ done, total }) => progress(t("read {0} of {1} MB", megabytes(done), megabytes(total))),
    job.weights,
  );
  if (loaded.kind === "error") return loaded.reason;
  if (loaded.waits) return fitOfFile(job, loaded.report);
  // The outputs of the stages stay on the device: they are what is looked at first.
  const kept = job.stages.flatMap(({ node }) => (node.kind === "module" ? node.paths.slice(-1) : []));
  if (features !== undefined) kept.push(features);
  operators();
  const start = performance.now();
  const answer = await client.ask(
    "result",
    { kind: "run", inputs, statistics: true, keep: kept },
    ({ done, total, path }) =>
      progress(
        path === ""
          ? t("running: {0} of {1} operators", done, total)
          : t("running {0}: {1} of {2} operators", path, done, total),
      ),
  );
  if (answer.kind === "error") return answer.reason;
  const { result } = answer;
  // What a lost graphics card gave is not what was computed.
  if (result.stop !== undefined && client.gone()) return stopText(result.stop);
  let milliseconds = result.timings.reduce((sum, { time }) => sum + time, 0);
  if (engine.backend === "webgl") {
    milliseconds = performance.now() - start;
    if (milliseconds < WORTH_TIMING && result.stop === undefined) {
      const again = performance.now();
      const second = await client.ask("result", { kind: "run", inputs, keep: kept });
      if (second.kind === "result" && second.result.stop === undefined) milliseconds = performance.now() - again;
    }
  }
  return {
    report: reportOf(job, { ...engine, milliseconds, fit: loaded.report, result }),
    run: liveRun({ client, program, inputs, backend: engine.backend, result, kept }),
  };
}

/** `0.4`, `34`: one digit behind the point below 10. */
function megabytes(bytes: number): string {
  const count = bytes / 1e6;
  return count < 10 ? count.toFixed(1) : String(Math.round(count));
}
