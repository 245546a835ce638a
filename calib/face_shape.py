#!/usr/bin/env python3
"""Makes src/geometry/face_shape.inc: the mean adult face as 468 points of Face Mesh, in millimetres.

  unknot analyze --hfov DEG neutral1.jpg neutral2.jpg ... | calib/face_shape.py > src/geometry/face_shape.inc

Input: faces that look straight at the camera. Each mesh (x, y and the network's own z) is centred on the
mid-point of its eye corners, scaled until the means of each eye's corners are 61.4 mm apart, turned onto
the mean by orthogonal Procrustes, and averaged. 61.4 mm: ten rendered people, whose pupils are 60 to 66
and in the mean 63.0 mm apart (adults 63.4 +- 3.8 mm, Dodgson 2004), are as far as they are with faces of
that size; any nine of them say 61.3 to 61.5. x to the person's left, y up, z out of the face. The zero of pitch is free in such a shape;
it is set so that forehead (10) and chin (152) are as far out as each other, as in a head held level
with the Frankfort plane horizontal.
"""
import json, sys
import numpy as np

EYES = [33, 133, 362, 263]
CORNERS_MM = 61.4
rows = [json.loads(l) for l in sys.stdin]
shapes = []
for r in rows:
    p = np.array(r['face']['landmarks']) * [r['width'], r['height'], r['width']]
    p = p * [1, -1, -1]                              # x right = the person's left, y up, z to the camera
    p -= p[EYES].mean(0)
    apart = np.linalg.norm(p[[33, 133]].mean(0) - p[[362, 263]].mean(0))
    shapes.append(p * CORNERS_MM / apart)
mean = shapes[0]
for _ in range(20):
    turned = []
    for s in shapes:
        u, _, vt = np.linalg.svd(s.T @ mean)
        turned.append(s @ (u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt))
    mean = np.mean(turned, 0)
# Frontal: eye line along x, forehead and chin in one vertical plane.
x = mean[[362, 263]].mean(0) - mean[[33, 133]].mean(0)
y = mean[10] - mean[152]
x /= np.linalg.norm(x)
y -= x * (x @ y)
y /= np.linalg.norm(y)
mean = mean @ np.stack([x, y, np.cross(x, y)], 1)
mean -= mean[EYES].mean(0)
print('/* Made by calib/face_shape.py from %d faces: see there. Tenths of a millimetre. */' % len(rows))
for p in mean:
    print('{%d, %d, %d},' % tuple(np.rint(p * 10).astype(int)))
