#!/usr/bin/python3
"""make_tensors.py ORACLE MODELS [NETWORK...] > tests/golden/tensors.txt
Raw outputs of the networks, in double precision, by an executor that shares no code with this project: ORACLE
is the folder with tflite_numpy.py, MODELS the one with the .tflite files. NETWORK: only these."""
import sys

import numpy as np

sys.path.insert(0, sys.argv[1])
import tflite_numpy as tflite  # noqa: E402

HEAD = """\
# Raw outputs of the networks for an input that every language can make:
# u(i) = ((i * 2654435761 mod 2^32) >> 8 & 0xffff) / 65536, i the flat row-major index; the pose and mesh
# networks get u, the detectors 2u - 1. Computed in double precision by an independent executor.
# network output count every tolerance, then every so-manieth value."""

# The file, and of each output that net.h has its name (None: the graph's own order) and what it may be off
# by: landmarks in pixels of 256, probabilities, metres; raw scores.
POSE = (("Identity", "0.004"), ("Identity_1", "1e-05"), ("Identity_3", "0.001"), ("Identity_4", "1e-05"))
PLAIN = ((None, "0.001"), (None, "0.001"))
NETWORKS = {
    "pose_lite": ("pose_landmark_lite", POSE),
    "pose_full": ("pose_landmark_full", POSE),
    "pose_detector": ("pose_detection", PLAIN),
    "face_detector": ("face_detection_short_range", PLAIN),
    "face_mesh": ("face_landmark", PLAIN),
}


def picture(shape, symmetric):
    i = np.arange(int(np.prod(shape)), dtype=np.uint64)
    u = ((i * 2654435761 & 0xffffffff) >> 8 & 0xffff).astype(np.float64) / 65536
    return (2 * u - 1 if symmetric else u).reshape(shape)


def main():
    print(HEAD)
    for name in sys.argv[3:] or NETWORKS:
        file, outputs = NETWORKS[name]
        graph = tflite.Graph("%s/%s.tflite" % (sys.argv[2], file))
        shape = graph.t[graph.ins[0]].shape
        made = graph.run(picture(shape, "detector" in name), np.float64)
        named = {graph.t[i].name: np.asarray(made[i]).reshape(-1) for i in graph.outs}
        for index, (output, tolerance) in enumerate(outputs):
            values = named[output or graph.t[graph.outs[index]].name]
            every = max(1, values.size // 200)
            print(name, index, values.size, every, tolerance)
            some = ["%.9g" % v for v in values[::every]]
            for at in range(0, len(some), 8):
                print(*some[at:at + 8])


main()
