#!/usr/bin/env python3
"""compare.py BUILD MODEL MODULES: our engine and its peers in turns, on one thread of one processor.

Each peer is a program of its own that loads a network, writes the outputs it computes for the same
picture and then runs as often as it is told. The outputs are compared first: only equal work is timed.
Then rounds of a few runs alternate, so that whatever else the machine does meets all of them; the
ratios are those of the medians and of the best times. BUILD holds peer_unknot, peer_xnnpack and, when
a folder with another XNNPACK was given, peer_xnnpack_given; MODULES is the folder node_modules with
onnxruntime-node."""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import onnx

import model
import onnx_export

SIDES = {"pose_lite": 256, "pose_full": 256, "pose_detector": 224, "face_detector": 128,
         "face_mesh": 192}
ORT, XNNPACK, GIVEN = "onnxruntime", "XNNPACK", "XNNPACK given"
PROGRAMS = {XNNPACK: "peer_xnnpack", GIVEN: "peer_xnnpack_given"}
LEVELS = ("avx512", "avx2", "sse2", "neon")
# Networks that are run once more as the pose tracker runs them, with the windows of the heat map that it
# reads instead of the whole: less work than the peers', so a line of its own without a mark.
TRACKED, WINDOWS = ("pose_lite", "pose_full"), "windows"
# Network, peer, and how many times faster than it we mean to be at least (None: no mark).
ROWS = [("pose_lite", ORT, 1.6), ("pose_lite", XNNPACK, 2.4), ("pose_lite", GIVEN, None),
        ("pose_full", ORT, 1.45), ("pose_detector", ORT, 2.4), ("face_mesh", ORT, 1.3),
        ("face_detector", ORT, 1.3)]
# Largest difference from the peers' outputs, as a share of the largest number: fp32 sums in another
# order, through up to eighty layers.
TOLERANCE = 2e-4


class Peer:
    def __init__(self, command, processor, outputs, environment=None):
        self.outputs = outputs
        self.process = subprocess.Popen(
            ["taskset", "-c", str(processor), *command], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            raise SystemExit(f"{command[0]} does not start: {line or 'it ended'}")
        self.name = line[6:].strip()
        self.times = []

    def run(self, times):
        self.process.stdin.write(f"{times}\n")
        self.process.stdin.flush()
        return [float(word) for word in self.process.stdout.readline().split()]

    def output(self, index):
        return np.fromfile(f"{self.outputs}.{index}.f32", np.float32)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def picture(side):
    """Smooth, in [0, 1], with as much to see in every part."""
    y, x, c = np.mgrid[0:side, 0:side, 0:3].astype(np.float32)
    return (0.5 + 0.3 * np.sin(x * 0.11 + y * 0.07 + c) + 0.2 * np.cos(x * 0.31 - y * 0.23 + 2 * c)) \
        .astype(np.float32)


def same(ours, peer, net):
    """The largest difference between two peers' outputs, as a share; complains when it is too much."""
    worst = 0
    for k in range(len(net.outputs)):
        a, b = ours.output(k), peer.output(k)
        if a.size != b.size:
            raise SystemExit(f"{net.name}: output {k} has {a.size} numbers here, {b.size} there")
        worst = max(worst, float(np.max(np.abs(a - b)) / max(1, np.max(np.abs(b)))))
    if not worst <= TOLERANCE:
        raise SystemExit(f"{net.name}: {peer.name} computes something else (differs by {worst:.1e})")
    return worst


def peers_of(net, args, folder):
    """Our engine at the best level and below, then the peers."""
    side = SIDES[net.name]
    data = os.path.join(folder, net.name)
    picture(side).tofile(data + ".in")
    started = {}

    def start(name, command, environment=None, last=()):
        out = f"{data}.{name}"
        started[name] = Peer([*command, data + ".in", out, *last], args.processor, out, environment)

    ours = os.path.join(args.build, "peer_unknot")
    for level in args.levels:
        start(level, [ours, net.name], {"UNKNOT_MODEL": args.model, "UNKNOT_CPU": level})
    if net.name in TRACKED:
        start(WINDOWS, [ours, net.name], {"UNKNOT_MODEL": args.model, "UNKNOT_CPU": args.levels[0]},
              ["windows"])
    onnx.save(onnx_export.Exporter(net).export(), data + ".onnx")
    out = f"{data}.{ORT}"
    started[ORT] = Peer(["node", os.path.join(os.path.dirname(__file__), "ort.js"), args.modules,
                         data + ".onnx", str(side), data + ".in", out], args.processor, out)
    for peer, program in PROGRAMS.items():
        program = os.path.join(args.build, program)
        if (net.name, peer) in [row[:2] for row in ROWS] and os.path.exists(program):
            for level in args.levels:
                start(peer + level, [program, net.name],
                      {"UNKNOT_MODEL": args.model, "UNKNOT_CPU": level})
    return started


def measure(net, args, folder):
    started = peers_of(net, args, folder)
    for name, peer in started.items():
        if name not in args.levels:
            same(started[args.levels[0]], peer, net)
    for peer in started.values():
        peer.run(5)
    for _ in range(args.rounds):
        for peer in started.values():
            peer.times += peer.run(args.runs)
    result = {name: (peer.name, statistics.median(peer.times), min(peer.times))
              for name, peer in started.items()}
    for peer in started.values():
        peer.close()
    return result


def report(name, times, peer, level, wanted):
    """One line. XNNPACK runs at our level, onnxruntime always at the processor's best. What we want is
    asked of the level that we run at by ourselves, the first one."""
    theirs = times.get(peer + level, times.get(peer))
    if theirs is None:
        if peer != GIVEN:
            print(f"{name:14} {peer} is not here")
        return True
    label, median, best = theirs
    if peer == XNNPACK:
        label = label.replace(XNNPACK, xnnpack_of_debian())
    elif peer == GIVEN:
        label = label.replace(XNNPACK, GIVEN)
    _, our_median, our_best = times[level]
    ratio, best_ratio = median / our_median, best / our_best
    asked = wanted is not None and level == next(k for k in times if k in LEVELS)
    met = not asked or min(ratio, best_ratio) >= wanted
    note = f"{wanted:.2f} {'met' if met else 'missed'}" if asked else ""
    print(f"{name:14} {label:24} {median:7.3f} ({best:6.3f})  {level:7} {our_median:6.3f} ({our_best:5.3f}) "
          f"{ratio:6.2f}x {best_ratio:5.2f}x  {note}", flush=True)
    return met


def xnnpack_of_debian():
    """With its year, which the package's version begins with: 0.0~git20220216.ae108ef-2."""
    try:
        version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libxnnpack-dev"],
                                 capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return XNNPACK
    year = re.search(r"git(\d{4})", version)
    return f"{XNNPACK} of {year[1]}" if year else XNNPACK


def levels(args):
    """What this processor has; first what our engine takes by itself."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        text = file.read()
    if "asimd" in text:
        return ["neon"]
    found = [level for level, flag in (("avx512", " avx512dq"), ("avx2", " avx2")) if flag in text]
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "picture")
        picture(SIDES["face_detector"]).tofile(data)
        own = Peer([os.path.join(args.build, "peer_unknot"), "face_detector", data, data],
                   args.processor, data, {"UNKNOT_MODEL": args.model, "UNKNOT_CPU": ""})
        own.close()
    found.sort(key=lambda level: not own.name.endswith(level))
    return found or ["sse2"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("model")
    parser.add_argument("modules")
    parser.add_argument("--net", action="append", choices=sorted(SIDES), help="only this network")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--runs", type=int, default=10, help="runs of each in a round")
    parser.add_argument("--processor", type=int, default=max(os.sched_getaffinity(0)))
    args = parser.parse_args()
    args.levels = levels(args)
    missed = 0
    print(f"one thread on processor {args.processor}, {args.rounds} rounds of {args.runs} runs in turns; "
          "ms, median (best)")
    print(f"{'network':14} {'peer':24} {'peer ms':>16}  {'ours':7} {'ours ms':>14} "
          f"{'median':>7} {'best':>6}  wanted")
    with tempfile.TemporaryDirectory() as folder:
        for name in dict.fromkeys(row[0] for row in ROWS):
            if args.net and name not in args.net:
                continue
            times = measure(model.read(args.model, name), args, folder)
            for _, peer, wanted in [row for row in ROWS if row[0] == name]:
                for level in args.levels:
                    missed += not report(name, times, peer, level, wanted)
                if peer == ORT and name in TRACKED:
                    report(name, times, peer, WINDOWS, None)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
