// A network as PyTorch's exporter writes it: normalizations folded into the convolutions, activations for themselves.
// The format is protobuf: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

/** Field numbers of the messages that are written. */
const MODEL = { version: 1, graph: 7, opset: 8 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, name: 3, op: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, int: 3, ints: 8, type: 20 };
const TENSOR = { dims: 1, type: 2, name: 8, raw: 9 };
const FLOAT = 1;

/**
 * @param {Awaited<ReturnType<typeof import("./network.mjs").networkOf>>} network
 * @returns {Buffer}
 */
export function onnxModel({ steps, input, output }) {
  const nodes = [];
  const initializers = [];
  const weight = (name, { shape, data }) => {
    const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const dims = shape.map((size) => whole(TENSOR.dims, size));
    const parts = [...dims, whole(TENSOR.type, FLOAT), string(TENSOR.name, name), bytes(TENSOR.raw, raw)];
    initializers.push(bytes(GRAPH.initializer, Buffer.concat(parts)));
    return name;
  };
  const node = (op, from, to, attributes = {}) => {
    const parts = [...from.map((one) => string(NODE.input, one)), string(NODE.output, to), string(NODE.name, to)];
    const written = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    nodes.push(bytes(GRAPH.node, Buffer.concat([...parts, string(NODE.op, op), ...written])));
  };
  for (const { name, op, inputs, args, weights } of steps) {
    const given = weights.map((one, i) => weight(`${name}.w${i}`, one));
    const activation = args.activation === "relu";
    const raw = activation ? `${name}.raw` : name;
    const pads = (sides) => [...sides.map(([lo]) => lo), ...sides.map(([, hi]) => hi)];
    if (op === "conv")
      node("Conv", [...inputs, ...given], raw, {
        strides: args.stride,
        dilations: args.dilation,
        kernel_shape: weights[0].shape.slice(2),
        pads: pads(args.padding),
        group: args.groups ?? 1,
      });
    else if (op === "max_pool")
      node("MaxPool", inputs, raw, {
        kernel_shape: args.kernel,
        strides: args.stride,
        pads: pads(args.padding.map((pad) => [pad, pad])),
      });
    else if (op === "adaptive_avg_pool") node("GlobalAveragePool", inputs, raw);
    else if (op === "flatten") node("Flatten", inputs, raw, { axis: 1 });
    else if (op === "linear") node("Gemm", [...inputs, ...given], raw, { transB: 1 });
    else if (op === "add") node("Add", inputs, raw);
    else throw new Error(`no converter for ${op}`);
    if (activation) node("Relu", [raw], name);
  }
  const last = steps.find(({ name }) => name === output);
  const values = [value(GRAPH.input, input.name, input.shape), value(GRAPH.output, output, last.shape)];
  const graph = Buffer.concat([...nodes, string(GRAPH.name, "network"), ...initializers, ...values]);
  const opset = bytes(MODEL.opset, Buffer.concat([string(1, ""), whole(2, 17)]));
  return Buffer.concat([whole(MODEL.version, 8), bytes(MODEL.graph, graph), opset]);
}

function attribute(name, given) {
  const value = Array.isArray(given)
    ? [...given.map((one) => whole(ATTRIBUTE.ints, one)), whole(ATTRIBUTE.type, 7)]
    : [whole(ATTRIBUTE.int, given), whole(ATTRIBUTE.type, 2)];
  return bytes(NODE.attribute, Buffer.concat([string(ATTRIBUTE.name, name), ...value]));
}

/** A named float tensor of a known shape. */
function value(field, name, shape) {
  const dims = Buffer.concat(shape.map((size) => bytes(1, whole(1, size))));
  const tensor = bytes(1, Buffer.concat([whole(1, FLOAT), bytes(2, dims)]));
  return bytes(field, Buffer.concat([string(1, name), bytes(2, tensor)]));
}

function whole(field, number) {
  return Buffer.concat([varint(field << 3), varint(number)]);
}

function bytes(field, content) {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function string(field, content) {
  return bytes(field, Buffer.from(content));
}

function varint(number) {
  const out = [];
  let left = number;
  for (; 127 < left; left = Math.floor(left / 128)) out.push((left % 128) | 128);
  return Buffer.from([...out, left]);
}
