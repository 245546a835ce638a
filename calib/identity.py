#!/usr/bin/env python3
"""Makes src/geometry/identity.inc: how faces differ between people, and not between looks.

  calib/identity.py PERSON.jsonl[@HFOV] ... > src/geometry/identity.inc

Each file holds what `unknot analyze` says of one person's pictures, taken with a field of view of
HFOV degrees (60 where nobody knows). A look is the mesh's rigid points as an orthographic body, in
pixels by the network's own z, turned and scaled onto the mean of all people (63 mm between the
eyes). What turning the head and coming nearer do to it is linear in a few terms, fitted within
people. What is left is split into the scatter within people (of whom there are several looks, bad
light and blur among them) and that between them; the directions in which the second is largest in
units of the first are kept.
On standard error: leaving out one person and then another, how well the rest tell the first look of
the one from the mean of all looks of the other.
"""
import json, sys
import numpy as np

RIGID = [8, 9, 69, 108, 151, 299, 337, 46, 52, 53, 55, 63, 65, 66, 70, 105, 107, 276, 282, 283, 285,
         293, 295, 296, 300, 334, 336, 5, 6, 122, 168, 193, 195, 197, 351, 417, 21, 34, 54, 71, 127,
         139, 156, 162, 251, 264, 284, 301, 356, 368, 383, 389, 33, 133, 362, 263]
EYES = [[RIGID.index(33), RIGID.index(133)], [RIGID.index(362), RIGID.index(263)]]
SIZE = 12            # directions kept; 6 tell less (AUC 0.977, not 0.985), 25 no more
COMPONENTS = 25      # of the pooled scatter, before: 15 and 40 are alike
SHRINK = 0.2         # of the scatter within people towards a sphere
TURNED_MOST = 25     # degrees: beyond, the mesh guesses

def align(points, ref):
    a, b = points - points.mean(1, keepdims=True), ref - ref.mean(0)
    u, s, vt = np.linalg.svd(np.einsum('nki,kj->nij', a, b))
    d = np.stack([np.ones(len(u)), np.ones(len(u)), np.sign(np.linalg.det(u @ vt))], 1)
    turn = np.swapaxes((u * d[:, None]) @ vt, 1, 2)
    scale = (s * d).sum(1) / (a ** 2).sum((1, 2))
    return np.einsum('nij,nkj->nki', turn, a) * scale[:, None, None], turn, scale

def pose_terms(turn, distance):
    f = turn[:, 2]
    y, p = np.degrees(np.arctan2(f[:, 0], f[:, 2])) / 10, -np.degrees(np.arcsin(f[:, 1])) / 10
    n = 500 / distance - 0.7
    return np.stack([y, p, y * y, p * p, y * p, n, n * p], 1)

def learn(x, g, who):
    names, counts = np.unique(who, return_counts=True)
    xc, gc, w = x.copy(), g.copy(), np.zeros((len(x), 1))
    for n, c in zip(names, counts):
        m = who == n
        xc[m] -= x[m].mean(0)
        gc[m] -= g[m].mean(0)
        w[m] = c ** -0.5 if c > 1 else 0     # a person's looks resemble each other
    pose = np.linalg.solve((gc * w).T @ gc + 1e-3 * np.eye(g.shape[1]), (gc * w).T @ xc)
    free, rest = x - g @ pose, xc - gc @ pose
    means = np.array([free[who == n].mean(0) for n in names])
    mid = means.mean(0)
    between = (means - mid).T @ (means - mid) / len(means)
    within = (rest * w).T @ rest / np.sqrt(counts[counts > 1]).sum()
    u = np.linalg.eigh(between + within)[1][:, ::-1][:, :COMPONENTS]
    b, v = u.T @ between @ u, u.T @ within @ u
    v = (1 - SHRINK) * v + SHRINK * np.trace(v) / COMPONENTS * np.eye(COMPONENTS)
    e, q = np.linalg.eigh(v)
    white = q / np.sqrt(e)
    ratio, turn = np.linalg.eigh(white.T @ b @ white)
    order = np.argsort(-ratio)[:SIZE]
    # The mean of one look or a few has the scatter within people, too.
    spread = np.maximum(ratio[order] - np.mean(1 / counts), 0.01)
    return mid, pose, u @ (white @ turn[:, order]), spread

def log_ratio(a, na, b, nb, p):
    va, vb = p + 0.5 + 0.5 / na, p + 0.5 + 0.5 / nb
    det = va * vb - p * p
    same = (vb * a * a - 2 * p * a * b + va * b * b) / det
    return (0.5 * (a * a / va + b * b / vb - same) + 0.5 * np.log(va * vb / det)).sum()

clouds, focal, who = [], [], []
for name in sys.argv[1:]:
    path, _, hfov = name.partition('@')
    for line in open(path):
        r = json.loads(line)
        if not r.get('face'):
            continue
        p = np.array(r['face']['landmarks'])[RIGID, :3]
        clouds.append(p * [r['width'], -r['height'], -r['width']])
        focal.append(r['width'] / 2 / np.tan(np.radians(float(hfov or 60)) / 2))
        who.append(path)
clouds, focal, who = np.array(clouds), np.array(focal), np.array(who)
ref = clouds[0]
for _ in range(5):
    x, turn, scale = align(clouds, ref)
    near = abs(np.degrees(np.arctan2(turn[:, 2, 0], turn[:, 2, 2]))) < TURNED_MOST
    ref = np.mean([x[near & (who == n)].mean(0) for n in np.unique(who[near])], 0)
    ref *= 63 / np.linalg.norm(ref[EYES[1]].mean(0) - ref[EYES[0]].mean(0))
x, turn, scale = align(clouds, ref)
x = (x - ref).reshape(len(x), -1)
g = pose_terms(turn, scale * focal)
x, g, who = x[near], g[near], who[near]

own, others = [], []
several = [n for n in np.unique(who) if (who == n).sum() > 5]
for n in several:
    rest = [m for m in several if m != n]
    for fold in range(4):
        out = rest[fold::4]
        keep = (who != n) & ~np.isin(who, out)
        mid, pose, basis, spread = learn(x[keep], g[keep], who[keep])
        v = (x - g @ pose - mid) @ basis
        i = np.where(who == n)[0]
        if fold == 0:
            own.append(log_ratio(v[i[0]], 1, v[i[1:]].mean(0), len(i) - 1, spread))
        for m in out:
            j = np.where(who == m)[0]
            others.append(log_ratio(v[i[0]], 1, v[j].mean(0), len(j), spread))
own, others = np.array(own), np.array(others)
print('left out: %d people, AUC %.3f; below -7: own %.2f, others %.2f' % (
    len(several), (own[:, None] > others).mean(), (own < -7).mean(), (others < -7).mean()),
    file=sys.stderr)

mid, pose, basis, spread = learn(x, g, who)
row = lambda v: ', '.join('%.4g' % k for k in v)
print('/* Made by calib/identity.py from %d looks at %d people: see there. */' % (
    len(who), len(np.unique(who))))
print('\n/* Index in the mesh; mean over people, mm; what a millimetre along x, y, z adds. */')
print('static const struct {\n\tshort point;\n'
      '\tdouble mean[3], add[3][IDENTITY_SIZE];\n} rigid[] = {')
for i, p in enumerate(RIGID):
    print('\t{%d, {%s}, {' % (p, row(ref[i])))
    for k in range(3):
        r = basis[3 * i + k]
        print('\t\t{%s,\n\t\t %s},' % (row(r[:SIZE // 2]), row(r[SIZE // 2:])))
    print('\t}},')
print('};\n')
def table(name, rows, text):
    print('/* %s */\nstatic const double %s[%d][IDENTITY_SIZE] = {' %
          (text, name, len(rows)))
    for r in rows:
        print('\t{%s,\n\t %s},' % (row(r[:SIZE // 2]), row(r[SIZE // 2:])))
    print('};\n')
table('pose_adds', pose @ basis, 'What a unit of each pose term adds.')
for name, v, text in (('middle', mid @ basis, 'Of all people'),
                      ('between', spread, 'Variance between people, in units of that within one')):
    print('/* %s. */\nstatic const double %s[IDENTITY_SIZE] = {\n\t%s,\n\t%s,\n};\n' % (
        text, name, row(v[:SIZE // 2]), row(v[SIZE // 2:])))
