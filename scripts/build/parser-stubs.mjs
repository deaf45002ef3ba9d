import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "../lib/paths.mjs";

const PARSER = /(?:^|[\\/])@zzzen[\\/]pyright-internal[\\/]dist[\\/](.*)$/;
const STUBS = inRoot("src/syntax/python/stubs");

/**
 * Answers some of the Python parser's own imports with our stubs (`aliases.json`: module of the parser → file): its
 * messages in every language and its paths to files would be 90 % of the bundle and need Node.
 *
 * @type {import("esbuild").Plugin}
 */
export const parserStubs = {
  name: "parser-stubs",
  setup(build) {
    const list = path.join(STUBS, "aliases.json");
    const aliases = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : {};
    build.onResolve({ filter: /./ }, ({ path: wanted, resolveDir }) => {
      const target = wanted.startsWith(".") ? path.resolve(resolveDir, wanted) : wanted;
      const module = PARSER.exec(target)?.[1]?.replaceAll("\\", "/").replace(/\.js$/, "");
      const stub = module === undefined ? undefined : aliases[module];
      return stub === undefined ? undefined : { path: path.join(STUBS, stub) };
    });
  },
};
