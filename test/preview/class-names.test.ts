import { describe, expect, test } from "vitest";
import { IMAGENET, parseNames } from "../../src/preview/class-names.ts";

describe("class names", () => {
  test.each([
    ["one a line", "tench\r\ngoldfish \n\ngreat white shark\n", ["tench", "goldfish", "", "great white shark"]],
    ["a list", '["a", "b"]', ["a", "b"]],
    ["an object by index", '{"1": "b", "0": "a", "3": "d"}', ["a", "b", "", "d"]],
    ["an object by name", '{"b": 1, "a": 0}', ["a", "b"]],
    ["an object of lists", '{"0": ["n01440764", "tench"]}', ["tench"]],
    ["a byte order mark", "\uFEFFa\nb", ["a", "b"]],
  ])("%s", (_name, text, names) => {
    expect(parseNames(text)).toEqual({ names });
  });

  test.each([
    ["broken JSON", '["a"', "the file is neither JSON nor one name a line"],
    ["nothing", " \n", "the file has no names"],
    ["an empty list", "[]", "the file has no names"],
    ["numbers", "[1.5]", "{0} is neither a name nor a class's index"],
    ["far indices", '{"9999999999": "a"}', "{0} is neither a name nor a class's index"],
  ])("%s is refused", (_name, text, template) => {
    expect(parseNames(text)).toMatchObject({ refused: { template } });
  });

  test("ImageNet's stand in torchvision's order", () => {
    expect(IMAGENET).toHaveLength(1000);
    expect([IMAGENET[0], IMAGENET[207], IMAGENET[999]]).toEqual(["tench", "golden retriever", "toilet tissue"]);
  });
});
