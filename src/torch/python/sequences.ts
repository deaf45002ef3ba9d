/**
 * Sequences of different lengths: padded, and packed for recurrent layers. Its lengths are remembered by a packed
 * sequence's `batch_sizes`; its values are not followed. What else torch computes in kernels without a graph stands here
 * too.
 * Source: torch/nn/utils/rnn.py.
 */
export const SEQUENCES_PART = `
class PackedSequence(collections.namedtuple("PackedSequence", ["data", "batch_sizes", "sorted_indices", "unsorted_indices"])):
    def __new__(cls, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    @property
    def is_cuda(self):
        return False

    def is_pinned(self):
        return False

    def to(self, *args, **kwargs):
        return PackedSequence(self.data.to(*args, **kwargs), *self[1:])

    def cuda(self, *args, **kwargs):
        return self

    def cpu(self, *args, **kwargs):
        return self

    def pin_memory(self):
        return self

    def double(self):
        return self.to(torch.float64)

    def float(self):
        return self.to(torch.float32)

    def half(self):
        return self.to(torch.float16)

    def long(self):
        return self.to(torch.int64)


def lengths_of(lengths):
    return [int(one) for one in (lengths.tolist() if isinstance(lengths, torch.Tensor) else lengths)]


def batch_sizes_of(lengths):
    longest = max(lengths)
    if not surely(longest >= 0):
        return without_values(torch.arange(1), (longest,))
    counts = []
    for step in range(longest):
        count = 0
        for length in lengths:
            if step < length:
                count = count + 1
        counts.append(count)
    return torch.tensor(counts)


def packed_lengths(sequence):
    lengths = recall(sequence.batch_sizes)
    return not_followed("torch.nn.utils.rnn.PackedSequence") if lengths is None else lengths


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    lengths = lengths_of(lengths)
    indices = None
    if enforce_sorted:
        for i in range(len(lengths) - 1):
            if surely(lengths[i] < lengths[i + 1]):
                refuse("RuntimeError", "\`lengths\` array must be sorted in decreasing order when \`enforce_sorted\` is True. You can pass \`enforce_sorted=False\` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability.")
                break
    else:
        indices = without_values(torch.arange(1), (len(lengths),))
    batch_sizes = batch_sizes_of(lengths)
    remember(batch_sizes, lengths)
    return PackedSequence(without_values(input, (sum(lengths), *input.shape[2:])), batch_sizes, indices, indices)


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    lengths = packed_lengths(sequence)
    longest = max(lengths) if total_length is None else total_length
    sizes = (len(lengths), longest) if batch_first else (longest, len(lengths))
    return without_values(sequence.data, (*sizes, *sequence.data.shape[1:])), torch.tensor(lengths)


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    longest = max([one.size(0) for one in sequences])
    rows = []
    for one in sequences:
        missing = longest - one.size(0)
        last = [0, missing] if padding_side == "right" else [missing, 0]
        rows.append(F.pad(one, [0, 0] * (one.dim() - 1) + last, value=padding_value))
    return torch.stack(rows, 0 if batch_first else 1)


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[:length] for row, length in zip(rows, lengths_of(lengths))]


def pack_sequence(sequences, enforce_sorted=True):
    lengths = [one.size(0) for one in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences):
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, packed_lengths(packed_sequences), batch_first=True)


def invert_permutation(permutation):
    return None if permutation is None else without_values(permutation, tuple(permutation.shape))


def ctc_loss(log_probs, targets, input_lengths, target_lengths, blank=0, reduction="mean", zero_infinity=False):
    single = log_probs.dim() == 2 or reduction != "none"
    return without_values(log_probs, () if single else (log_probs.size(1),))


class CTCLoss(nn.Module):
    def __init__(self, blank=0, reduction="mean", zero_infinity=False):
        super().__init__()
        self.blank = blank
        self.reduction = reduction
        self.zero_infinity = zero_infinity

    def forward(self, log_probs, targets, input_lengths, target_lengths):
        return ctc_loss(log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction,
                        self.zero_infinity)


def flex_attention(query, key, value, score_mod=None, block_mask=None, scale=None, enable_gqa=False,
                   return_lse=False, kernel_options=None, *, return_aux=None):
    if score_mod is not None or block_mask is not None or return_lse or return_aux is not None:
        return not_followed("torch.nn.attention.flex_attention")
    return F.scaled_dot_product_attention(query, key, value, scale=scale, enable_gqa=enable_gqa)
`;
