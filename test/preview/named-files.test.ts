import { expect, test } from "vitest";
import { namedIn } from "../../src/preview/named-files.ts";

const FILES = ["resnet18-f37072fd.pth", "resnet18.pth", "net.pt"].map((name) => ({ name }));

test("a file is offered where the code names it, whole and not as the end of another", () => {
  const text =
    'url = "https://download.pytorch.org/models/resnet18-f37072fd.pth"\nother = "my-resnet18.pth"\nx = wide_net.pt';
  expect(namedIn(FILES, [text])).toEqual([{ name: "resnet18-f37072fd.pth" }]);
  expect(namedIn(FILES, ['torch.load("net.pt")', "'resnet18.pth'"])).toEqual([
    { name: "resnet18.pth" },
    { name: "net.pt" },
  ]);
  expect(namedIn(FILES, [])).toEqual([]);
});
