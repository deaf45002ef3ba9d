/** Bytes. */
export interface Memory {
  readonly tensors: number;
  readonly bytes: number;
  readonly allocated: number | undefined;
  readonly peak: number;
}

/** What the driver calls in the page; a contender runs in a worker of its own. */
export interface Bench {
  readonly open: (contender: string, script: string, messages: readonly object[]) => Promise<void>;
  /** Runs so many passes one after another; the last one's output, and the longest time the page stood still, in ms. */
  readonly run: (contender: string, passes: number, shape: readonly number[]) => Promise<Passes>;
  readonly tell: (contender: string, message: object) => Promise<unknown>;
  readonly close: (contender: string) => void;
}

export interface Passes {
  readonly output: readonly number[];
  readonly stall: number;
}

interface Contender {
  readonly worker: Worker;
  readonly ask: (message: object) => Promise<Reply>;
}

interface Reply {
  readonly kind: string;
  readonly reason?: unknown;
  readonly result?: { readonly output?: { readonly data: Float32Array }; readonly stop?: unknown };
}

const contenders = new Map<string, Contender>();

function contender(name: string): Contender {
  const found = contenders.get(name);
  if (found === undefined) throw new Error(`${name} is not open`);
  return found;
}

async function answered(to: Contender, message: object): Promise<Reply> {
  const reply = await to.ask(message);
  if (reply.kind === "error" || reply.result?.stop !== undefined) throw new Error(JSON.stringify(reply));
  return reply;
}

/** Calls itself as often as the page has a turn, and keeps the longest time between two of them. */
function watchStalls(): () => number {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    setTimeout(() => port2.postMessage(undefined), 1);
  };
  port2.postMessage(undefined);
  return () => {
    port1.close();
    return longest;
  };
}

const bench: Bench = {
  async open(name, script, messages) {
    const worker = new Worker(script);
    const waiting = new Map<number, (reply: Reply) => void>();
    let last = 0;
    worker.onmessage = ({ data }: MessageEvent<Reply & { readonly id: number }>) => {
      if (data.kind !== "progress") waiting.get(data.id)?.(data);
    };
    const made: Contender = {
      worker,
      ask: (message) =>
        new Promise((resolve, reject) => {
          const id = ++last;
          waiting.set(id, resolve);
          worker.onerror = (event) => reject(new Error(`${name}: ${event.message}`));
          worker.postMessage({ ...message, id });
        }),
    };
    contenders.set(name, made);
    for (const message of messages) await answered(made, message);
  },
  async run(name, passes, shape) {
    const input = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 0.37) * 2);
    const stalled = watchStalls();
    let reply: Reply | undefined;
    for (let i = 0; i < passes; i++) reply = await answered(contender(name), { kind: "run", inputs: [input] });
    return { output: [...(reply?.result?.output?.data ?? [])], stall: stalled() };
  },
  tell: (name, message) => answered(contender(name), message),
  close(name) {
    contenders.get(name)?.worker.terminate();
    contenders.delete(name);
  },
};

Object.assign(globalThis, { bench });
