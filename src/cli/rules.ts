import { CODES } from "../checks/diagnostic.ts";

/** What a diagnostic code's page says, for tools that show it beside the result. */
export interface Rule {
  readonly id: string;
  /** One sentence. */
  readonly short: string;
  readonly level: "error" | "warning" | "note";
  /** The page, as Markdown. */
  readonly page: string;
}

const LEVELS: Readonly<Record<string, Rule["level"]>> = { error: "error", warning: "warning" };

/** The codes that a report may hold, in the order of the documentation, each with its page where that is at hand. */
export function rulesFrom(page: (code: string) => string | undefined): readonly Rule[] {
  return CODES.filter((code) => code !== "gap").map((code) => ruleOf(code, page(code)));
}

/** A page begins with its code as the title, then `**severity**…: what it means`. */
function ruleOf(id: string, page: string | undefined): Rule {
  const [, severity = "", meaning] = /^# .*\n\n\*\*(\w+)\*\*[^:]*:\s+(.*?)\n\n/s.exec(page ?? "") ?? [];
  const short = meaning === undefined ? id : sentence(meaning.replace(/\s+/g, " ").replaceAll("`", ""));
  return { id, short, level: LEVELS[severity] ?? "note", page: page ?? id };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
