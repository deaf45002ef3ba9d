import fs from "node:fs";
import { test } from "vitest";
import { programOf } from "/work/main/test/runtime/cases.ts";
import { floats, loadRuntime, recordedModel, relativeMax, started } from "/work/main/test/runtime/harness.ts";

test("try", async () => {
  const rt = await loadRuntime("try");
  for (const kind of ["wasm", "cpu"] as const) {
    const backend = await started(rt, kind);
    const m = await recordedModel("test/data/run", "narrow_resnet");
    const before = rt.deviceMemory();
    const model = rt.openModel(
      backend,
      m.program,
      m.program.weights.map((w) => m.weights.get(w.keys[0]!)!.data),
    );
    const r = await rt.execute(model, [m.input], { taps: Object.keys(m.stages), statistics: true });
    console.log(kind, r.stop, r.checked);
    for (const [p, s] of Object.entries(m.stages))
      console.log(p, s.own, r.taps.get(p) && relativeMax(r.taps.get(p)!.data, floats(s.data)));
    rt.closeModel(model);
    console.log("leak", rt.deviceMemory() - before);
    const cases = JSON.parse(fs.readFileSync("/work/main/test/data/run/operators.json", "utf8"));
    const bad: string[] = [];
    for (const [i, c] of cases.entries())
      for (const last of [false, true]) {
        const p = programOf(c, last);
        const b = rt.deviceMemory();
        const model = rt.openModel(backend, p.program, p.weights);
        const r = await rt.execute(model, p.inputs, { taps: c.outputs.map((_: any, k: number) => String(k)) });
        rt.closeModel(model);
        const where = `${kind} #${i} ${c.op} ${JSON.stringify(c.args)} ${JSON.stringify(c.inputs.map((x: any) => x.shape))} last=${last}`;
        if (rt.deviceMemory() !== b) bad.push(where + " LEAK " + (rt.deviceMemory() - b));
        if (r.stop) {
          bad.push(where + " STOP " + JSON.stringify(r.stop));
          continue;
        }
        if (r.checked.length) bad.push(where + " SHAPE " + JSON.stringify(r.checked));
        c.outputs.forEach((o: any, k: number) => {
          const d = relativeMax(r.taps.get(String(k))!.data, floats(o.data));
          if (!(d <= Math.max(3 * c.own, 5e-7))) bad.push(where + ` out${k} diff ${d} own ${c.own}`);
        });
      }
    console.log(bad.join("\n"), bad.length);
  }
}, 600000);
