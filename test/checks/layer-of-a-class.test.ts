import { expect, test } from "vitest";
import { checkOne } from "./one-file.ts";

const MODEL = `from torch import nn


class MeanShift(nn.Conv2d):
    def __init__(self):
        super().__init__(3, 3, kernel_size=1)
`;

test("a class that is a layer and writes no forward is blamed itself for what it refuses", () => {
  const { diagnostics, status } = statusOf("MeanShift()", "1,16,33,35");
  expect(status).toBe("error");
  expect(diagnostics.map(({ code, place }) => [code, MODEL.slice(place.span.start, place.span.end)])).toEqual([
    ["channel-mismatch", "MeanShift"],
  ]);
  // PyTorch's own words, as it says them of MeanShift()(torch.zeros(1, 16, 33, 35)).
  expect(diagnostics[0]?.original).toContain(
    "Given groups=1, weight of size [3, 3, 1, 1], expected input[1, 16, 33, 35] to have 3 channels, but got 16 channels instead",
  );
});

function statusOf(model: string, input: string) {
  const { diagnostics, roots } = checkOne(MODEL, model, input);
  return { diagnostics, status: roots[0]?.status };
}
