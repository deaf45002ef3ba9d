import type { ImportStmt } from "../core/core.ts";
import type { Interp } from "./interp.ts";
import { loadModule } from "./load-module.ts";
import { importTargets, noteRead } from "./provided.ts";
import type { DictValue, ModuleValue } from "./value.ts";

// A registry is a dict that functions of a module fill when other modules are imported. Here those are run only when
// something of theirs is read, so before a lookup in a registry fails, they are run.

/** Who fills a dict: the module that owns it and the names of the functions that write to it. */
interface Registry {
  readonly owner: ModuleValue;
  readonly writers: ReadonlySet<string>;
}

const registries = new WeakMap<DictValue, Registry>();

/** Notes the dicts of a module, and of the objects and classes it holds, that functions write to. */
export function noteRegistries(interp: Interp, module: ModuleValue): void {
  const sources = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
  const writersIn = (file: string | undefined, name: string): ReadonlySet<string> | undefined => {
    if (file === undefined) return undefined;
    let known = sources.get(file);
    if (known === undefined) {
      known = writersOf(interp.loader.text(file) ?? "");
      sources.set(file, known);
    }
    return known.get(name);
  };
  const note = (dict: DictValue, writers: ReadonlySet<string> | undefined): void => {
    if (writers !== undefined && !registries.has(dict)) registries.set(dict, { owner: module, writers });
  };
  for (const [name, value] of module.scope.vars) {
    if (value.kind === "dict") note(value, writersIn(module.file, name));
    if (value.kind === "instance") {
      for (const [attribute, held] of value.attrs)
        if (held.kind === "dict") for (const cls of value.cls.mro) note(held, writersIn(cls.place?.file, attribute));
      if (value.payload?.kind === "dict" && value.cls.place !== undefined) note(value.payload, new Set([name]));
    }
    if (value.kind === "class" && value.place?.file === module.file)
      for (const [attribute, held] of value.attrs)
        if (held.kind === "dict") note(held, writersIn(module.file, attribute));
  }
}

const WRITE =
  /^([ \t]+)(?:(?:[^\W\d]\w*\.)*)([^\W\d]\w*)(?:\[[^\n]*\]\s*=(?!=)|\.(?:update|setdefault)\(|\[[^\n]*\]\.(?:append|add)\()/gm;
const DEFINITION = /^([ \t]*)(?:async[ \t]+)?def[ \t]+([^\W\d]\w*)/gm;

/** Names that are written to by index inside functions, with the functions around those writes. */
function writersOf(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const definitions = [...text.matchAll(DEFINITION)];
  for (const match of text.matchAll(WRITE)) {
    let depth = (match[1] ?? "").length;
    const name = match[2] ?? "";
    for (let i = definitions.length - 1; 0 <= i; i--) {
      const definition = definitions[i];
      const indent = definition?.[1]?.length ?? 0;
      if (definition === undefined || match.index < definition.index || depth <= indent) continue;
      depth = indent;
      const writers = found.get(name) ?? new Set();
      writers.add(definition[2] ?? "");
      found.set(name, writers);
      if (indent === 0) break;
    }
  }
  return found;
}

/**
 * Runs the modules that would fill a dict before `key` is found missing in it (without a key: before all of it is
 * read). A key of text is first looked for in those that name it.
 */
export function fill(interp: Interp, dict: DictValue, key: string | undefined): void {
  const registry = registries.get(dict);
  if (registry === undefined) return;
  const { loader } = interp;
  const writer = new RegExp(`\\b(?:${[...registry.writers].join("|")})\\b`);
  const registers = (file: string): boolean => writer.test(loader.text(file) ?? "");
  // A module that registers is not done: what it asks for is what is registered so far.
  for (const [file, { frame }] of loader.running)
    if (frame.module !== registry.owner && sameProject(frame.module, registry.owner) && registers(file)) return;
  const waiting = waitingModules(interp, registry.owner).filter(({ file }) => file !== undefined && registers(file));
  if (waiting.length === 0) return;
  const load = (modules: readonly ModuleValue[]): boolean => {
    for (const module of modules) {
      if (registry.owner.file !== undefined && module.file !== undefined)
        noteRead(loader, registry.owner.file, module.file);
      loadModule(interp, module);
      if (key !== undefined && dict.entries.has(key)) return true;
    }
    return false;
  };
  const word = key?.startsWith("s:") === true ? key.slice(2) : undefined;
  if (word !== undefined) {
    const named = new RegExp(`(?<!\\w)${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?!\\w)`);
    const defined = new RegExp(
      `\\b(?:def|class)\\s+${word.replace(/\W/g, "\\$&")}\\b|register\\w*\\(\\s*['"]${word.replace(/\W/g, "\\$&")}['"]`,
    );
    const textOf = ({ file }: ModuleValue): string => loader.text(file ?? "") ?? "";
    const naming = waiting.filter((module) => named.test(textOf(module)));
    if (load(naming.filter((module) => defined.test(textOf(module)))) || load(naming)) return;
  }
  load(waiting);
}

/** Modules that Python would have run by now and that were left alone, in the order of their imports. */
function waitingModules(interp: Interp, owner: ModuleValue): readonly ModuleValue[] {
  const { loader } = interp;
  const entry = interp.store.get("entry");
  const start = typeof entry === "string" ? loader.modules.get(entry) : undefined;
  const queue = [
    ...(start === undefined ? [] : [start]),
    ...[...loader.running.values()].map(({ frame }) => frame.module),
    ...interp.frames.map(({ module }) => module),
  ];
  const seen = new Set<ModuleValue>();
  const waiting: ModuleValue[] = [];
  for (let module = queue.shift(); module !== undefined; module = queue.shift()) {
    if (module.file === undefined || seen.has(module)) continue;
    seen.add(module);
    if (!module.own && !sameProject(module, owner)) continue;
    if (module.state === "unloaded" && module.unknown === undefined) waiting.push(module);
    const { file } = module;
    const imports: readonly ImportStmt[] = loader.exports(file)?.imports ?? [];
    const next = imports.flatMap((stmt) => importTargets(loader, file, stmt));
    queue.push(...next);
  }
  return waiting;
}

function sameProject(a: ModuleValue, b: ModuleValue): boolean {
  return (a.own && b.own) || a.name.split(".")[0] === b.name.split(".")[0];
}
