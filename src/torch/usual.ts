/** The definition that listings give under a name they then leave out when they are quoted in part, as source text. */
export function usualDefinition(name: string): string | undefined {
  const size = /^conv(\d)x\1$/.exec(name)?.[1];
  if (size !== undefined) return convolution(name, Number(size));
  if (name === "BasicBlock") return block(name, 1, BASIC);
  if (name === "Bottleneck") return block(name, 4, BOTTLENECK);
  return undefined;
}

/** A square convolution that keeps the size at stride 1. */
function convolution(name: string, size: number): string {
  return `def ${name}(in_planes, out_planes, stride=1):
    return nn.Conv2d(in_planes, out_planes, kernel_size=${size}, stride=stride, padding=${Math.floor(size / 2)}, bias=False)
`;
}

type Layer = readonly [channels: readonly [string, string], size: number, stride: boolean];

/** He et al., Deep Residual Learning, figure 5, left and right; the stride where PyTorch's own models have it. */
const BASIC: readonly Layer[] = [
  [["inplanes", "planes"], 3, true],
  [["planes", "planes"], 3, false],
];
const BOTTLENECK: readonly Layer[] = [
  [["inplanes", "planes"], 1, false],
  [["planes", "planes"], 3, true],
  [["planes", "planes * self.expansion"], 1, false],
];

function block(name: string, expansion: number, layers: readonly Layer[]): string {
  const built = layers.flatMap(([[from, to], size, strided], i) => {
    const more = `${strided ? ", stride=stride" : ""}${1 < size ? `, padding=${Math.floor(size / 2)}` : ""}`;
    return [
      `self.conv${i + 1} = nn.Conv2d(${from}, ${to}, kernel_size=${size}${more}, bias=False)`,
      `self.bn${i + 1} = nn.BatchNorm2d(${to})`,
    ];
  });
  const run = layers.map((_, i) => {
    const call = `self.bn${i + 1}(self.conv${i + 1}(${i === 0 ? "x" : "out"}))`;
    return `out = ${i + 1 < layers.length ? `self.relu(${call})` : call}`;
  });
  const init = ["super().__init__()", ...built, "self.relu = nn.ReLU(inplace=True)", "self.downsample = downsample"];
  const forward = [
    "identity = x if self.downsample is None else self.downsample(x)",
    ...run,
    "return self.relu(out + identity)",
  ];
  const body = (lines: readonly string[]) => lines.map((line) => `        ${line}\n`).join("");
  return `class ${name}(nn.Module):
    expansion = ${expansion}

    def __init__(self, inplanes, planes, stride=1, downsample=None):
${body(init)}
    def forward(self, x):
${body(forward)}`;
}
