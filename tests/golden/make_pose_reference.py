#!/usr/bin/python3
"""make_pose_reference.py ORACLE MODELS PEOPLE NAME... > tests/data/golden/pose.json
Expected pose landmarks 0-12 of pictures shown twice, by an implementation that shares no code with this
project and equals MediaPipe's own to 1e-4: ORACLE is the folder with tflite_numpy.py and blazepose_ref.py,
MODELS the one with the .tflite files, PEOPLE tests/data/people, NAME a picture there without .jpg. The first
look goes from the detector to a region to landmarks, the second one takes its region from those landmarks."""
import json
import sys

import numpy as np
from PIL import Image

sys.path.insert(0, sys.argv[1])
import blazepose_ref as ref  # noqa: E402
import tflite_numpy as tflite  # noqa: E402

HEAD = 13


def looks(detector, landmarks, image):
    tracker = ref.BlazePose.__new__(ref.BlazePose)
    tracker.det, tracker.lm = detector, landmarks
    height, width, _ = image.shape
    points = tracker.detect(image)[0]["kp"]
    for _ in range(2):
        found = tracker.landmarks(image, ref.roi_from_points(points[0], points[1], width, height))
        points = found["lm"][33:35]
        yield [[round(float(v), 6) for v in row[:2]] for row in found["lm"][:HEAD]]


def main():
    models, people = sys.argv[2:4]
    detector = tflite.Graph(models + "/pose_detection.tflite")
    networks = [tflite.Graph(models + "/pose_landmark_%s.tflite" % name) for name in ("lite", "full")]
    rows = []
    for name in sys.argv[4:]:
        image = np.asarray(Image.open("%s/%s.jpg" % (people, name)).convert("RGB"))
        for complexity, network in enumerate(networks):
            rows.append({"picture": name, "complexity": complexity,
                         "frames": [{"landmarks": look} for look in looks(detector, network, image)]})
    print("[" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "]")


main()
