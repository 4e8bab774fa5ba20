"""The weights of devices/mrz/model/mrz.onnx back into the net that they were trained in, without a library for ONNX.

An export folds each normalisation into the convolution before it. `load` takes them apart again, so that a training can go on
from the committed net alone: the same answers, and each layer's normalisation measured on lines of the generator.

An ONNX file is a protocol buffer (onnx.proto3 of the ONNX project): ModelProto.graph is field 7, GraphProto.node 1 and
.initializer 5, NodeProto.input 1 and .op_type 4, TensorProto.dims 1, .data_type 2, .name 8 and .raw_data 9.
"""
import numpy as np
import torch
from torch import nn

FLOAT = 1


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def fields(data):
    """Number and value of each field of a message: an int, or the bytes of what has a length."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, at = data[at:at + size], at + size
        else:
            raise ValueError(f"a field of unknown kind {kind} in the ONNX file")
        yield key >> 3, value


def tensor(data):
    """Name and values of a TensorProto of floats."""
    dims, name, kind, raw = [], "", 0, b""
    for number, value in fields(data):
        if number == 1 and isinstance(value, int):
            dims.append(value)
        elif number == 1:  # packed
            at = 0
            while at < len(value):
                dim, at = varint(value, at)
                dims.append(dim)
        elif number == 2:
            kind = value
        elif number == 8:
            name = value.decode()
        elif number == 9:
            raw = value
    return name, np.frombuffer(raw, np.float32).reshape(dims).copy() if kind == FLOAT else None


def convolutions(path):
    """Weight and bias of each convolution, in the order in which the net uses them."""
    with open(path, "rb") as f:
        model = f.read()
    graph = list(fields(next(value for number, value in fields(model) if number == 7)))
    values = dict(tensor(value) for number, value in graph if number == 5)
    out = []
    for node in (list(fields(value)) for number, value in graph if number == 1):
        if (4, b"Conv") not in node:
            continue
        names = [value.decode() for number, value in node if number == 1]
        if len(names) != 3:
            raise ValueError(f"{path}: a convolution without offsets")
        out.append((values[names[1]], values[names[2]]))
    return out


def round_off(path, bits=11):
    """Rounds each weight of the file to so many significant bits, those of half precision: packed it is half as long."""
    with open(path, "rb") as f:
        model = bytearray(f.read())
    graph = next(value for number, value in fields(bytes(model)) if number == 7)
    at = 0  # the weights stand in the file in this order
    for number, value in fields(graph):
        if number != 5:
            continue
        _, values = tensor(value)
        if values is None or values.size == 0:
            continue
        raw = values.tobytes()
        at = model.index(raw, at)
        dropped = 24 - bits
        rounded = (values.view(np.uint32).astype(np.uint64) + (1 << (dropped - 1))) >> dropped << dropped
        model[at:at + len(raw)] = rounded.astype(np.uint32).tobytes()
    with open(path, "wb") as f:
        f.write(model)


def load(net, path, strips):
    """Fills `net` (train.Net) from an export. `strips`: a batch of the generator, to measure what the layers give."""
    layers = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    stored = convolutions(path)
    if [tuple(w.shape) for w, _ in stored] != [tuple(m.weight.shape) for m in layers]:
        raise ValueError(f"{path}: the layers are not those of this net")
    net.eval()
    with torch.no_grad():
        x = strips
        for layer, norm, (weight, bias) in zip(layers, norms, stored):
            # Kernels of length 1, as a training likes them; what that takes away the normalisation gives back.
            weight = torch.from_numpy(weight)
            length = weight.flatten(1).norm(dim=1).clamp_min(1e-6)
            layer.weight.copy_(weight / length[:, None, None, None])
            given = layer(x)
            mean, deviation = given.mean((0, 2, 3)), given.var((0, 2, 3)).add(norm.eps).sqrt()
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(deviation ** 2 - norm.eps)
            norm.weight.copy_(deviation * length)
            norm.bias.copy_(torch.from_numpy(bias) + mean * length)
            x = torch.relu(norm(given))
        layers[-1].weight.copy_(torch.from_numpy(stored[-1][0]))
        layers[-1].bias.copy_(torch.from_numpy(stored[-1][1]))
    net.train()


def differs_from(net, path):
    """The largest difference between the net's answer and the one that check.txt holds."""
    with open(path) as f:
        width, steps, _ = f.readline().split()
        rows = [[float(v) for v in line.split()] for line in f]
    strip, logits = np.array(rows[:-38], np.float32), np.array(rows[-38:], np.float32)
    assert strip.shape[1] == int(width) and logits.shape[1] == int(steps)
    x = (strip - strip.mean()) / max(float(strip.std()), 8.0)
    net.eval()
    with torch.no_grad():
        given = net(torch.from_numpy(x)[None, None])[0, :, 0].numpy()
    net.train()
    return float(np.abs(given - logits).max())
