#!/usr/bin/python3
"""make_reference.py ORACLE MODELS PICTURE... > tests/data/golden/people.json
Expected landmarks of pictures, by an implementation that shares no code with this project: ORACLE is the
folder with tflite_numpy.py and blazepose_ref.py, MODELS the one with the .tflite files. The face pipeline is
here: detector, region, mesh, and once more through the mesh's own region (src/landmark/face.h)."""
import json
import os
import sys

import numpy as np
from PIL import Image

sys.path.insert(0, sys.argv[1])
import blazepose_ref as ref  # noqa: E402
import tflite_numpy as tflite  # noqa: E402


def face_anchors():
    rows = []
    for cells, each in ((16, 2), (8, 6)):
        for y in range(cells):
            for x in range(cells):
                rows += [((x + 0.5) / cells, (y + 0.5) / cells)] * each
    return np.array(rows)


def detect_face(graph, image):
    """Weighted mean of the boxes that overlap the best one, in pixels: x0 y0 x1 y1, eye points."""
    height, width, _ = image.shape
    side = max(width, height)
    pixels = ref.sample(image, (width / 2, height / 2, side, side, 0), 128, True) / 127.5 - 1
    out = graph.run(pixels[None].astype(np.float32))
    tensors = sorted((out[i][0].astype(float) for i in graph.outs), key=lambda t: -t.shape[1])
    boxes, scores = tensors[0], ref.sig(tensors[1][:, 0])
    anchors = face_anchors()
    keep = np.nonzero(scores >= 0.5)[0]
    centre = boxes[keep, :2] / 128 + anchors[keep]
    half = boxes[keep, 2:4] / 256
    corners = np.concatenate([centre - half, centre + half], 1)
    points = boxes[keep, 4:8].reshape(-1, 2, 2) / 128 + anchors[keep][:, None]
    best = np.argmax(scores[keep])
    low = np.maximum(corners[:, :2], corners[best, :2])
    high = np.minimum(corners[:, 2:], corners[best, 2:])
    common = np.prod(np.clip(high - low, 0, None), 1)
    area = np.prod(corners[:, 2:] - corners[:, :2], 1)
    same = common / (area + area[best] - common) > 0.3
    weight = scores[keep][same]
    weight = weight / weight.sum()
    corners = (corners[same] * weight[:, None]).sum(0)
    points = (points[same] * weight[:, None, None]).sum(0)
    offset = np.array([(width - side) / 2, (height - side) / 2])
    return np.concatenate([corners[:2] * side + offset, corners[2:] * side + offset]), points * side + offset


def region(x0, y0, x1, y1, right_eye, left_eye):
    side = 1.5 * max(x1 - x0, y1 - y0)
    turn = np.arctan2(left_eye[1] - right_eye[1], left_eye[0] - right_eye[0])
    return ((x0 + x1) / 2, (y0 + y1) / 2, side, side, turn)


def mesh(graph, image, roi):
    """468 points in pixels, z in pixels too, and the score."""
    pixels = ref.sample(image, roi, 192, False) / 255
    out = graph.run(pixels[None].astype(np.float32))
    tensors = sorted((out[i].reshape(-1).astype(float) for i in graph.outs), key=len)
    points = tensors[-1].reshape(468, 3) / 192
    cx, cy, side, _, turn = roi
    d = (points[:, :2] - 0.5) * side
    x = cx + d[:, 0] * np.cos(turn) - d[:, 1] * np.sin(turn)
    y = cy + d[:, 0] * np.sin(turn) + d[:, 1] * np.cos(turn)
    return np.stack([x, y, points[:, 2] * side], 1), float(ref.sig(tensors[0][0]))


def face(models, image):
    box, eyes = detect_face(tflite.Graph(models + '/face_detection.tflite'), image)
    graph = tflite.Graph(models + '/face_landmark.tflite')
    roi = region(*box, eyes[0], eyes[1])
    for _ in range(2):
        points, score = mesh(graph, image, roi)
        roi = region(points[:, 0].min(), points[:, 1].min(), points[:, 0].max(), points[:, 1].max(),
                     points[33], points[263])
    return points, score


def pose(models, image):
    tracker = ref.BlazePose.__new__(ref.BlazePose)
    tracker.det = tflite.Graph(models + '/pose_detection.tflite')
    tracker.lm = tflite.Graph(models + '/pose_landmark_lite.tflite')
    height, width, _ = image.shape
    best = tracker.detect(image)[0]['kp']
    return tracker.landmarks(image, ref.roi_from_points(best[0], best[1], width, height))


def rounded(array, digits):
    return [[round(float(v), digits) for v in row] for row in array]


def main():
    models, result = sys.argv[2], []
    for path in sys.argv[3:]:
        image = np.asarray(Image.open(path).convert('RGB'))
        height, width, _ = image.shape
        points, score = face(models, image)
        body = pose(models, image)
        result.append({
            'picture': os.path.basename(path),
            'pose': {'score': round(body['flag'], 6), 'landmarks': rounded(body['lm'][:33], 6),
                     'world': rounded(body['world'][:33], 5)},
            'face': {'score': round(score, 6),
                     'landmarks': rounded(points / [width, height, width], 6)},
        })
    print('[' + ',\n'.join(json.dumps(row, separators=(',', ':')) for row in result) + ']')


main()
