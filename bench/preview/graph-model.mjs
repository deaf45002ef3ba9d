// A network as TensorFlow's converter writes it after its own optimizer: channels last, bias and activation in the
// convolution, explicit padding.

/** Attribute values of TensorFlow's graph format, in JSON. */
const type = { type: "DT_FLOAT" };
const list = (values) => ({ list: { i: values.map(String) } });
const text = (value) => ({ s: Buffer.from(value).toString("base64") });
const texts = (values) => ({ list: { s: values.map((value) => Buffer.from(value).toString("base64")) } });

/**
 * @param {Awaited<ReturnType<typeof import("./network.mjs").networkOf>>} network
 * @returns {{ json: string, weights: Buffer }} topology and weight specifications; the weights' bytes in that order
 */
export function graphModel({ steps, input, output }) {
  const specs = [];
  const bytes = [];
  const [n, c, h, w] = input.shape;
  const shape = { dim: [n, h, w, c].map((size) => ({ size: String(size) })) };
  const node = [{ name: input.name, op: "Placeholder", attr: { dtype: type, shape: { shape } } }];
  const constant = (name, dims, data, dtype = "float32") => {
    specs.push({ name, shape: dims, dtype });
    bytes.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    const value = { tensor: { dtype: dtype === "int32" ? "DT_INT32" : "DT_FLOAT", tensorShape: { dim: [] } } };
    node.push({ name, op: "Const", attr: { dtype: { type: value.tensor.dtype }, value } });
    return name;
  };
  for (const { name, op, inputs, args, weights } of steps) {
    const add = (kind, from, attr) => node.push({ name, op: kind, input: from, attr: { T: type, ...attr } });
    const fused = ["BiasAdd", ...(args.activation === "relu" ? ["Relu"] : [])];
    switch (op) {
      case "conv": {
        const [filter, bias] = weights;
        const parts = [
          constant(`${name}/filter`, ...lastChannels(filter)),
          constant(`${name}/bias`, bias.shape, bias.data),
        ];
        add("_FusedConv2D", [...inputs, ...parts], {
          strides: list([1, ...args.stride, 1]),
          dilations: list([1, ...args.dilation, 1]),
          padding: text(args.padding.flat().some((side) => side !== 0) ? "EXPLICIT" : "VALID"),
          explicit_paddings: list([0, 0, ...args.padding.flat(), 0, 0]),
          data_format: text("NHWC"),
          fused_ops: texts(fused),
          num_args: { i: "1" },
          epsilon: { f: 0 },
        });
        break;
      }
      case "linear": {
        const [weight, bias] = weights;
        const parts = [
          constant(`${name}/weight`, ...transposed(weight)),
          constant(`${name}/bias`, bias.shape, bias.data),
        ];
        add("_FusedMatMul", [...inputs, ...parts], {
          transpose_a: { b: false },
          transpose_b: { b: false },
          fused_ops: texts(fused),
          num_args: { i: "1" },
          epsilon: { f: 0 },
        });
        break;
      }
      case "max_pool": {
        const sides = Int32Array.from([0, 0, ...args.padding.flatMap((pad) => [pad, pad]), 0, 0]);
        const pads = constant(`${name}/pads`, [4, 2], sides, "int32");
        node.push({ name: `${name}/padded`, op: "Pad", input: [...inputs, pads], attr: { T: type } });
        add("MaxPool", [`${name}/padded`], {
          ksize: list([1, ...args.kernel, 1]),
          strides: list([1, ...args.stride, 1]),
          padding: text("VALID"),
          data_format: text("NHWC"),
        });
        break;
      }
      case "adaptive_avg_pool": {
        const axes = constant(`${name}/axes`, [2], Int32Array.from([1, 2]), "int32");
        add("Mean", [...inputs, axes], { keep_dims: { b: false } });
        break;
      }
      case "flatten":
        add("Identity", inputs, {});
        break;
      case "add":
        if (args.activation === undefined) add("AddV2", inputs, {});
        else {
          node.push({ name: `${name}/sum`, op: "AddV2", input: inputs, attr: { T: type } });
          add("Relu", [`${name}/sum`], {});
        }
        break;
      default:
        throw new Error(`no converter for ${op}`);
    }
  }
  const signature = {
    inputs: { x: { name: `${input.name}:0`, dtype: "DT_FLOAT", tensorShape: shape } },
    outputs: { y: { name: `${output}:0`, dtype: "DT_FLOAT" } },
  };
  const topology = { node, versions: { producer: 1 } };
  return { json: JSON.stringify({ topology, signature, specs }), weights: Buffer.concat(bytes) };
}

/** [O, C, H, W] as [H, W, C, O]. */
function lastChannels({ shape: [o, c, h, w], data }) {
  const out = new Float32Array(data.length);
  for (let i = 0, at = 0; i < o; i++)
    for (let j = 0; j < c; j++) for (let k = 0; k < h * w; k++, at++) out[(k * c + j) * o + i] = data[at];
  return [[h, w, c, o], out];
}

function transposed({ shape: [rows, columns], data }) {
  const out = new Float32Array(data.length);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) out[j * rows + i] = data[at];
  return [[columns, rows], out];
}
