import { PassThrough } from "node:stream";
import {
  createConnection,
  createMessageConnection,
  type MessageConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serve } from "../../src/server/core.ts";
import { memoryFiles } from "../../src/server/memory-files.ts";
import { syntaxChecker } from "../../src/server/syntax.ts";

type Platform = Parameters<typeof serve>[1];

/** A client of a server of its own over pipes, initialized. `listen` sets up what it is told before that. */
export async function connect(
  createAnalyzer: Platform["createAnalyzer"],
  {
    listen,
    pause = () => new Promise((resolve) => setImmediate(resolve)),
    options,
    table = {},
  }: {
    readonly listen?: (client: MessageConnection) => void;
    readonly pause?: Platform["pause"];
    readonly options?: object;
    /** Translations, by English template. */
    readonly table?: Readonly<Record<string, string>>;
  } = {},
): Promise<MessageConnection> {
  const up = new PassThrough();
  const down = new PassThrough();
  serve(createConnection(ProposedFeatures.all, new StreamMessageReader(up), new StreamMessageWriter(down)), {
    files: memoryFiles(new Map()),
    createAnalyzer,
    fileOf: (uri) => uri,
    uriOf: (file) => file,
    table: () => table,
    pause,
    isBroken: syntaxChecker(),
  });
  const client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  listen?.(client);
  client.listen();
  await client.sendRequest("initialize", {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: null,
    ...(options === undefined ? {} : { initializationOptions: options }),
  });
  await client.sendNotification("initialized", {});
  return client;
}
