import { t } from "../text/text.ts";
import { el } from "./dom.ts";
import type { TabContext } from "./tab.ts";

/** Where the names of the classes are from, and how to have others. */
export function namesRow({ names, say, actions }: TabContext): HTMLElement {
  const button = (text: string, act: () => void): HTMLElement => {
    const made = el("button", { type: "button", class: "link plain", "data-key": text }, text);
    made.addEventListener("click", act);
    return made;
  };
  const row = el("p", { class: "names quiet" });
  if (names !== undefined)
    row.append(say(names.file === undefined ? t("names of ImageNet") : t("names of {0}", names.file)), " · ");
  row.append(button(say(t("class names…")), actions.pickNames));
  if (names?.file !== undefined) row.append(" · ", button(say(t("without names")), actions.forgetNames));
  return row;
}
