#!/usr/bin/env python3
"""onnx_export.py MODEL NET OUT.onnx: a network of the packed model file as ONNX, for onnxruntime.

The picture goes in as 1 x 3 x side x side ("x"); outputs y0, y1, ... are in the natural order of
net_output() but for those of more than one row and channel, which stay channels first."""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import model


class Exporter:
    def __init__(self, net):
        self.net = net
        self.nodes, self.constants, self.clips = [], [], []

    def constant(self, values, name):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def name(self, tensor):
        return "x" if tensor == self.net.input else f"t{tensor}"

    def node(self, kind, inputs, out, activation=0, **attributes):
        made = out if activation == 0 else out + "_sum"
        self.nodes.append(helper.make_node(kind, inputs, [made], **attributes))
        if activation == 1:
            self.nodes.append(helper.make_node("Relu", [made], [out]))
        elif activation == 2:
            if not self.clips:
                self.clips = [self.constant(np.float32(0), "zero"), self.constant(np.float32(6), "six")]
            self.nodes.append(helper.make_node("Clip", [made, *self.clips], [out]))

    def convolution(self, op, out):
        channels_in = self.net.tensors[op.inputs[0]].shape[2]
        channels = self.net.tensors[op.out].shape[2]
        weights = self.net.tensors[op.weights].data
        if op.kind == "conv":
            weights = weights.reshape(channels, op.kernel, op.kernel, channels_in).transpose(0, 3, 1, 2)
        else:
            weights = weights.reshape(op.kernel, op.kernel, channels).transpose(2, 0, 1)[:, None]
        self.node("Conv", [self.name(op.inputs[0]), self.constant(weights, out + "_w"),
                           self.constant(self.net.tensors[op.bias].data, out + "_b")],
                  out, op.activation, kernel_shape=[op.kernel] * 2, strides=[op.step] * 2,
                  pads=list(op.pads), group=1 if op.kind == "conv" else channels)

    def flat(self, tensor):
        """The tensor's numbers row by row, pixel by pixel, as our outputs are."""
        height, width, channels = self.net.tensors[tensor].shape
        name = f"flat{tensor}"
        source = self.name(tensor)
        if height * width > 1 and channels > 1:
            self.node("Transpose", [source], name + "_t", perm=[0, 2, 3, 1])
            source = name + "_t"
        self.node("Reshape", [source, self.constant(np.array([1, -1], np.int64), name + "_s")], name)
        return name

    def operator(self, op):
        out = self.name(op.out)
        source = self.name(op.inputs[0])
        if op.kind in ("conv", "depthwise"):
            self.convolution(op, out)
        elif op.kind == "add":
            self.node("Add", [self.name(i) for i in op.inputs], out, op.activation)
        elif op.kind == "pad_channels":
            more = self.net.tensors[op.out].shape[2] - self.net.tensors[op.inputs[0]].shape[2]
            pads = self.constant(np.array([0, 0, 0, 0, 0, more, 0, 0], np.int64), out + "_p")
            self.node("Pad", [source, pads], out)
        elif op.kind == "maxpool":
            self.node("MaxPool", [source], out, kernel_shape=[2, 2], strides=[2, 2])
        elif op.kind == "upsample":
            scales = self.constant(np.array([1, 1, 2, 2], np.float32), out + "_s")
            self.node("Resize", [source, "", scales], out, mode="linear",
                      coordinate_transformation_mode="half_pixel")
        elif op.kind == "depth_to_space":
            self.node("DepthToSpace", [source], out, blocksize=2, mode="DCR")
        elif op.kind == "prelu":
            slopes = self.net.tensors[op.weights].data.reshape(-1, 1, 1)
            self.node("PRelu", [source, self.constant(slopes, out + "_a")], out)
        elif op.kind == "relu":
            self.node("Relu", [source], out)

    def piece(self, tensor, producer, found):
        """Follows what only shapes an output, as src/net/lower.c does, down to what is computed."""
        op = producer.get(tensor)
        if op is not None and op.kind in ("reshape", "concat", "logistic"):
            parts = [self.piece(i, producer, found) for i in op.inputs]
            joined = parts[0]
            if len(parts) > 1:
                joined = f"joined{tensor}"
                self.node("Concat", parts, joined, axis=1)
            if op.kind == "logistic":
                self.node("Sigmoid", [joined], f"sigmoid{tensor}")
                joined = f"sigmoid{tensor}"
            return joined
        found.add(tensor)
        return self.flat(tensor)

    def export(self):
        producer = {op.out: op for op in self.net.ops}
        needed, outputs = set(), []
        heads = []
        for k, tensor in enumerate(self.net.outputs):
            op = producer.get(tensor)
            shaped = op is not None and op.kind in ("reshape", "concat", "logistic")
            height, width, channels = self.net.tensors[tensor].shape
            if not shaped and height * width > 1 and channels > 1:
                heads.append((tensor, f"y{k}"))
                needed.add(tensor)
                shape = [1, channels, height, width]
            else:
                name = self.piece(tensor, producer, needed)
                self.node("Identity", [name], f"y{k}")
                shape = [1, height * width * channels]
            outputs.append(helper.make_tensor_value_info(f"y{k}", TensorProto.FLOAT, shape))
        shaping, self.nodes = self.nodes, []
        wanted = set(needed)
        for op in reversed(self.net.ops):
            if op.out in wanted:
                wanted.update(op.inputs)
        for op in self.net.ops:
            if op.out in wanted and op.kind not in ("reshape", "concat", "logistic"):
                self.operator(op)
        for tensor, name in heads:
            self.node("Identity", [self.name(tensor)], name)
        self.nodes += shaping
        side = self.net.tensors[self.net.input].shape[0]
        graph = helper.make_graph(
            self.nodes, self.net.name,
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, side, side])],
            outputs, self.constants)
        exported = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        exported.ir_version = 7
        onnx.checker.check_model(exported)
        return exported


if __name__ == "__main__":
    onnx.save(Exporter(model.read(sys.argv[1], sys.argv[2])).export(), sys.argv[3])
