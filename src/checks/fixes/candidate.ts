import type { Text } from "../../text/text.ts";
import type { Context } from "../context.ts";
import type { Edit, Fix } from "../diagnostic.ts";
import type { Question, Worth } from "./ask.ts";

/** A change that may be right. The lower its rank, the likelier; it is still to be proven. */
export interface Candidate extends Fix {
  readonly rank: number;
}

/** A place where another expression must stand, of several that may give the wanted number. */
export interface Hole {
  readonly question: Omit<Question, "texts">;
  /** What stands there now; undefined where nothing does. */
  readonly current: string | undefined;
  readonly texts: readonly string[];
  /** What the expression gives now, and what it should give instead; `from` undefined for whatever it is. */
  readonly wanted: readonly { readonly from: Worth; readonly to: Worth }[];
  /** Text that is offered besides if nothing gives the number, or even first where neighbours are plain numbers too. */
  readonly plain: string | undefined;
  readonly plainFirst: boolean;
  readonly make: (text: string) => { readonly title: Text; readonly edits: readonly Edit[] };
  readonly rank: number;
  readonly most?: number;
}

export type Proposal = Candidate | Hole;

export function candidate(
  rank: number,
  title: Text,
  edits: readonly Edit[],
  kind: { readonly preferred?: true; readonly safe?: true; readonly guess?: boolean } = {},
): Candidate {
  const guess = kind.guess === true ? { guess: true } : {};
  return { rank, title, edits, preferred: kind.preferred === true, safe: kind.safe === true, ...guess };
}

/** Texts kept for one place, besides a plain number. */
const MOST_KEPT = 2;
/** What a text costs that changes the number for instances that are not wrong. */
const SPREADS = 40;

/** All candidates, likeliest first: holes are filled with what gives the wanted number where it is wrong now. */
export function candidatesFor(context: Context, proposals: readonly Proposal[]): readonly Candidate[] {
  const holes = proposals.filter((one): one is Hole => "question" in one);
  const asked = holes.filter(({ texts }) => 0 < texts.length);
  const heard =
    asked.length === 0
      ? []
      : (context.input.ask?.(
          asked.map(({ question, texts, current }) => ({ ...question, texts: [current ?? "1", ...texts] })),
        ) ?? []);
  const all = proposals.flatMap((one): readonly Candidate[] => {
    if (!("question" in one)) return [one];
    return filled(one, heard[asked.indexOf(one)] ?? []);
  });
  const seen = new Set<string>();
  return all
    .map((one, index) => ({ one, index }))
    .sort((a, b) => a.one.rank - b.one.rank || a.index - b.index)
    .flatMap(({ one }) => {
      const key = one.edits
        .map(({ place: { file, span }, text }) => `${file}:${span.start}-${span.end}:${text}`)
        .join("|");
      if (seen.has(key)) return [];
      seen.add(key);
      return [one];
    });
}

function filled(hole: Hole, visits: readonly (readonly Worth[])[]): readonly Candidate[] {
  const grown = (text: string): number => Number(hole.current !== undefined && text.startsWith(`${hole.current} * `));
  const found = hole.texts
    .map((text, i) => ({ text, verdict: judged(hole, visits, i + 1), i }))
    .filter(({ text, verdict }) => verdict !== undefined && text !== hole.current)
    .sort((a, b) => (a.verdict ?? 0) - (b.verdict ?? 0) || grown(b.text) - grown(a.text) || a.i - b.i)
    .slice(0, hole.most ?? MOST_KEPT);
  const made = found.map(({ text, verdict }, i) => {
    // What stands there times what the block multiplies by is likelier meant than another number.
    const late = grown(text) === 1 ? -1 : i + (hole.plainFirst ? 1 : 0);
    return candidateOf(hole, text, hole.rank + late + (verdict === 0 ? 0 : SPREADS));
  });
  if (hole.plain === undefined || hole.plain === hole.current) return made;
  return [...made, candidateOf(hole, hole.plain, hole.rank + (hole.plainFirst ? 0 : 3))];
}

function candidateOf({ make }: Hole, text: string, rank: number): Candidate {
  const { title, edits } = make(text);
  return candidate(rank, title, edits);
}

/** How many visits change that were not to; undefined if none changes that was to. */
function judged({ wanted }: Hole, visits: readonly (readonly Worth[])[], index: number): number | undefined {
  let [right, aside] = [0, 0];
  for (const visit of visits) {
    const [now, then] = [visit[0], visit[index]];
    if (then === undefined) return undefined;
    if (same(now, then)) continue;
    if (wanted.some(({ from, to }) => same(then, to) && (from === undefined || same(now, from)))) right++;
    else aside++;
  }
  return 0 < right ? aside : undefined;
}

/** `2` and `(2, 2)` are the same to a layer. */
function same(a: Worth, b: Worth): boolean {
  if (a === b) return true;
  const flat = (worth: Worth): string => {
    const parts = String(worth).split(" ");
    return parts.every((part) => part === parts[0]) ? (parts[0] ?? "") : String(worth);
  };
  return flat(a) === flat(b);
}
