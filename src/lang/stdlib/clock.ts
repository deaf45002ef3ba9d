import { type ModuleValue, NONE, unknown, type Value } from "../../eval/value.ts";
import type { Why } from "../../shape/dim.ts";
import { t } from "../../text/text.ts";
import { nativeClass, raw } from "../native.ts";
import { objectClass } from "../types.ts";
import { type Names, nativeModule } from "./module.ts";

/** Clocks, and texts about where code stands: nothing is missed by code that only prints them. */

const CLOCK: Why = { reason: t("what the clock says is not known") };
const TEXT: Why = { reason: t("text of an unknown value") };

const each = (names: string, value: () => Value): Names =>
  Object.fromEntries(
    names
      .split(" ")
      .filter((name) => name !== "")
      .map((name) => [name, raw(name, value, { free: true })]),
  );

/** What a module has besides: a value that is not known, by its name. */
const unfollowed = (module: string): ModuleValue["missing"] => {
  return (interp, name) =>
    interp.really.absent(module, name)
      ? undefined
      : unknown({ reason: t("{0}.{1} is not followed", module, name) }, `${module}.${name}`);
};

/** A class whose instances are not known, with ways to make them. */
const moment = (name: string, makers: string): Value =>
  nativeClass(name, "datetime", [objectClass], Object.entries(each(makers, () => unknown(CLOCK))), () =>
    unknown(CLOCK),
  );

export function clockModules(): readonly ModuleValue[] {
  return [
    nativeModule(
      "time",
      {
        ...each("time perf_counter monotonic process_time thread_time", () => ({
          kind: "float",
          value: undefined,
          why: CLOCK,
        })),
        ...each("time_ns perf_counter_ns monotonic_ns process_time_ns", () => ({
          kind: "int",
          dim: { size: undefined, why: CLOCK },
        })),
        ...each("strftime ctime asctime localtime gmtime mktime", () => unknown(CLOCK)),
        ...each("sleep", () => NONE),
      },
      unfollowed("time"),
    ),
    nativeModule(
      "datetime",
      {
        datetime: moment("datetime", "now utcnow today fromtimestamp fromisoformat strptime combine"),
        date: moment("date", "today fromtimestamp fromisoformat"),
        time: moment("time", "fromisoformat"),
        timedelta: moment("timedelta", ""),
      },
      unfollowed("datetime"),
    ),
    nativeModule(
      "traceback",
      {
        ...each("print_exc print_exception print_stack print_tb print_last print_list clear_frames", () => NONE),
        ...each("format_exc", () => unknown(TEXT)),
        ...each("format_exception format_exception_only format_tb format_stack format_list", () => ({
          kind: "list",
          items: [],
          why: TEXT,
        })),
      },
      unfollowed("traceback"),
    ),
  ];
}
