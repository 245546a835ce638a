"""Reads the packed model file (src/net/format.h) into plain records, weights as numpy arrays."""
import struct
from dataclasses import dataclass, field

import numpy as np

KINDS = ("conv", "depthwise", "add", "pad_channels", "maxpool", "upsample", "depth_to_space",
         "logistic", "reshape", "concat", "prelu", "relu")
NO_TENSOR = 0xFFFFFFFF


@dataclass
class Tensor:
    shape: tuple = ()               # height, width, channels of an activation
    data: np.ndarray = None         # numbers of a constant


@dataclass
class Op:
    kind: str
    inputs: list
    out: int
    weights: int
    bias: int
    kernel: int
    step: int
    pads: tuple                     # top, left, bottom, right
    activation: int                 # 0 none, 1 ReLU, 2 ReLU6


@dataclass
class Net:
    name: str
    tensors: list
    ops: list
    input: int
    outputs: list = field(default_factory=list)


def _tensor(blob, at):
    kind, height, width, channels, offset, count = struct.unpack_from("<6I", blob, at)
    if kind == 0:
        return Tensor(shape=(height, width, channels))
    dtype = np.dtype("<f2" if kind == 1 else "<f4")
    return Tensor(data=np.frombuffer(blob, dtype, count, offset).astype(np.float32))


def _op(blob, at):
    f = struct.unpack_from("<16I", blob, at)
    return Op(KINDS[f[0]], list(f[2:2 + f[1]]), f[6], f[7], f[8], f[9], f[10], tuple(f[11:15]), f[15])


def read(path, name):
    """The network called `name`."""
    with open(path, "rb") as file:
        blob = file.read()
    if blob[:8] != b"UNKNOTM\0" or struct.unpack_from("<I", blob, 8)[0] != 3:
        raise SystemExit(f"{path}: not a packed model file of version 3")
    for i in range(struct.unpack_from("<I", blob, 12)[0]):
        at = 64 + 64 * i
        if blob[at:at + 24].split(b"\0")[0].decode() != name:
            continue
        t_at, t_n, o_at, o_n, first, outputs = struct.unpack_from("<6I", blob, at + 24)
        return Net(name, [_tensor(blob, t_at + 24 * k) for k in range(t_n)],
                   [_op(blob, o_at + 64 * k) for k in range(o_n)], first,
                   list(struct.unpack_from(f"<{outputs}I", blob, at + 48)))
    raise SystemExit(f"{path}: no network called {name}")
