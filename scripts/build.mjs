// Bundles everything that is shipped into dist/, minified, and prints the sizes.
// ALLOW_MISSING=1 leaves out bundles whose entry file does not exist yet.
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { COPIES, ENTRIES } from "./build/entries.mjs";
import { mergeTranslations } from "./build/l10n.mjs";
import { writeNotices } from "./build/notices.mjs";
import { parserStubs } from "./build/parser-stubs.mjs";
import { tfjsParts } from "./build/tfjs.mjs";
import { inRoot } from "./lib/paths.mjs";
import { duration } from "./lib/progress.mjs";

const started = performance.now();

const missing = ENTRIES.filter(({ from }) => !existsSync(inRoot(from)));
if (0 < missing.length && process.env.ALLOW_MISSING !== "1")
  throw new Error(`no such entry: ${missing.map(({ from }) => from).join(", ")}`);

await rm(inRoot("dist"), { recursive: true, force: true });
await mkdir(inRoot("dist"), { recursive: true });
const sentences = await mergeTranslations();
await copyFile(inRoot("l10n/bundle.l10n.zh-cn.json"), inRoot("dist/l10n.zh-cn.json"));
for (const { from, to } of COPIES) await copyFile(inRoot(from), inRoot(to));
const { type } = JSON.parse(await readFile(inRoot("package.json"), "utf8"));
if (type === "module") await writeFile(inRoot("dist/package.json"), '{ "type": "commonjs" }\n');

// The bundler has printed what is wrong.
const built = await Promise.all(ENTRIES.filter((entry) => !missing.includes(entry)).map(bundle)).catch(() =>
  process.exit(1),
);
const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
await writeNotices(inputs);
await writeFile(inRoot("dist/meta.json"), JSON.stringify(merged(built.map(({ metafile }) => metafile))));
for (const { outputs } of built.map(({ metafile }) => metafile))
  for (const [file, { bytes }] of Object.entries(outputs))
    console.log(
      `${file.padEnd(26)} ${kilobytes(bytes)}  ${kilobytes(gzipSync(await readFile(inRoot(file))).length)} gzip`,
    );
for (const { from } of missing) console.log(`left out: ${from} does not exist yet`);
console.log(`built in ${duration(performance.now() - started)}, ${sentences} sentences in Chinese`);

async function bundle({ from, to, options }) {
  return build({
    entryPoints: [inRoot(from)],
    outfile: inRoot(to),
    absWorkingDir: inRoot(),
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
    loader: { ".wasm": "file", ".svg": "text" },
    plugins: [parserStubs, tfjsParts],
    ...options,
    ...(options.platform === "node" ? importMeta(options.banner?.js) : {}),
  });
}

/** In CommonJS `import.meta.url` is the script's own address. */
function importMeta(before = "") {
  const address = 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;';
  return { define: { "import.meta.url": "importMetaUrl" }, banner: { js: `${before}\n${address}`.trimStart() } };
}

function merged(metafiles) {
  return {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  };
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
}
