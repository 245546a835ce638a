#include "landmark/detect.h"

#include "image/even.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Both detectors: boxes count from one half, and overlap of 0.3 makes them one
 * (README.md beside this file). */
static const float least_score = 0.5f, same_overlap = 0.3f;

enum { CANDIDATES = 256 };

int detector_anchors(const struct detector_grid *grids, int count, float anchors[][2])
{
	int n = 0;
	for (int g = 0; g < count; g++)
		for (int y = 0; y < grids[g].size; y++)
			for (int x = 0; x < grids[g].size; x++)
				for (int a = 0; a < grids[g].anchors; a++, n++) {
					anchors[n][0] = ((float)x + 0.5f) / (float)grids[g].size;
					anchors[n][1] = ((float)y + 0.5f) / (float)grids[g].size;
				}
	return n;
}

void detector_init(struct detector *d, struct net *net, enum net_id id)
{
	static const struct detector_grid pose[] = {{28, 2}, {14, 2}, {7, 6}},
	                                  face[] = {{16, 2}, {8, 6}};
	memset(d, 0, sizeof *d);
	d->net = net;
	if (id == NET_POSE_DETECTOR) {
		d->boxes = POSE_DETECTOR_BOXES;
		d->scores = POSE_DETECTOR_SCORES;
		d->points = 4;
		d->anchor_count = detector_anchors(pose, 3, d->anchors);
	} else {
		d->boxes = FACE_DETECTOR_BOXES;
		d->scores = FACE_DETECTOR_SCORES;
		d->points = 6;
		d->anchor_count = detector_anchors(face, 2, d->anchors);
	}
	d->values = 4 + 2 * d->points;
}

struct roi frame_roi(const struct frame *f)
{
	return (struct roi){
		.cx = (float)f->width / 2,
		.cy = (float)f->height / 2,
		.side = (float)(f->width > f->height ? f->width : f->height),
	};
}

static int by_score(const void *a, const void *b)
{
	const struct detection *x = a, *y = b;
	return (x->score < y->score) - (x->score > y->score);
}

static float overlap_of(const struct detection *a, const struct detection *b)
{
	float w = fminf(a->x1, b->x1) - fmaxf(a->x0, b->x0),
	      h = fminf(a->y1, b->y1) - fmaxf(a->y0, b->y0);
	if (w <= 0 || h <= 0)
		return 0;
	float all = (a->x1 - a->x0) * (a->y1 - a->y0) + (b->x1 - b->x0) * (b->y1 - b->y0) - w * h;
	return all > 0 ? w * h / all : 0;
}

static void add_weighted(struct detection *sum, const struct detection *d, int points)
{
	sum->x0 += d->score * d->x0;
	sum->y0 += d->score * d->y0;
	sum->x1 += d->score * d->x1;
	sum->y1 += d->score * d->y1;
	for (int p = 0; p < points; p++)
		for (int i = 0; i < 2; i++)
			sum->points[p][i] += d->score * d->points[p][i];
}

static void divide(struct detection *sum, float total, int points)
{
	sum->x0 /= total;
	sum->y0 /= total;
	sum->x1 /= total;
	sum->y1 /= total;
	for (int p = 0; p < points; p++)
		for (int i = 0; i < 2; i++)
			sum->points[p][i] /= total;
}

int suppress(struct detection *d, int count, int points, float overlap)
{
	int kept = 0;
	qsort(d, (size_t)count, sizeof *d, by_score);
	while (kept < count) {
		const struct detection best = d[kept];
		struct detection sum = {.score = best.score};
		float total = 0;
		int left = kept + 1;
		/* The best one belongs to its own group even when its box has no area. */
		add_weighted(&sum, &best, points);
		total += best.score;
		for (int i = kept + 1; i < count; i++) {
			if (overlap_of(&best, &d[i]) > overlap) {
				add_weighted(&sum, &d[i], points);
				total += d[i].score;
			} else {
				d[left++] = d[i];
			}
		}
		divide(&sum, total, points);
		d[kept++] = sum;
		count = left;
	}
	return count;
}

/* One box of the network, in pixels of its input square, to pixels of the frame. */
static bool decode(const struct detector *d, int index, const struct roi *roi, float logit,
                   struct detection *out)
{
	const float side = (float)net_input_side(d->net);
	const float *v = net_output(d->net, d->boxes, NULL) + (size_t)index * (size_t)d->values;
	const float *anchor = d->anchors[index];
	const float left = roi->cx - roi->side / 2, top = roi->cy - roi->side / 2;
	if (v[2] < 0 || v[3] < 0)
		return false;
	out->score = 1 / (1 + expf(-fmaxf(-100, fminf(100, logit))));
	const float cx = v[0] / side + anchor[0], cy = v[1] / side + anchor[1];
	const float w = v[2] / side / 2, h = v[3] / side / 2;
	out->x0 = left + (cx - w) * roi->side;
	out->x1 = left + (cx + w) * roi->side;
	out->y0 = top + (cy - h) * roi->side;
	out->y1 = top + (cy + h) * roi->side;
	for (int p = 0; p < d->points; p++) {
		out->points[p][0] = left + (v[4 + 2 * p] / side + anchor[0]) * roi->side;
		out->points[p][1] = top + (v[5 + 2 * p] / side + anchor[1]) * roi->side;
	}
	return true;
}

/* The share of an upright square that lies inside the frame. */
static float inside_share(const struct frame *f, const struct roi *roi)
{
	const float half = roi->side / 2;
	const float w = fminf((float)f->width, roi->cx + half) - fmaxf(0, roi->cx - half);
	const float h = fminf((float)f->height, roi->cy + half) - fmaxf(0, roi->cy - half);
	return fmaxf(w, 0) * fmaxf(h, 0) / (roi->side * roi->side);
}

bool net_read_region(struct net *net, const struct frame *frame, const struct roi *roi,
                     enum reading reading, enum warp_border border, float scale, float offset)
{
	const bool wide = reading == READ_WIDE || reading == READ_WIDE_EVEN;
	const bool even = reading == READ_EVEN || reading == READ_WIDE_EVEN;
	const int side = (int)net_input_side(net);
	float *input = net_input(net);
	const size_t stride = net_input_stride(net);
	if (wide || reading == READ_SMOOTH)
		warp_roi_smooth(frame, roi, side, wide, border, scale, offset, input, stride);
	else
		warp_roi(frame, roi, side, border, scale, offset, input, stride);
	return !even || even_out(input, side, stride, scale, offset,
	                         border == BORDER_ZERO ? inside_share(frame, roi) : 1);
}

int detector_run(struct detector *d, const struct frame *frame, const struct roi *roi,
                 enum reading reading, struct detection found[DETECT_MAX])
{
	struct detection candidates[CANDIDATES];
	int count = 0;
	if (!net_read_region(d->net, frame, roi, reading, BORDER_ZERO, 2.0f / 255, -1))
		return -1;
	net_run(d->net);
	const float *scores = net_output(d->net, d->scores, NULL);
	/* sigmoid(x) >= 0.5 is x >= 0; more than CANDIDATES boxes over it has never been seen (a
	 * face that fills the picture gives about 60). */
	for (int i = 0; i < d->anchor_count && count < CANDIDATES; i++)
		if (scores[i] >= logf(least_score / (1 - least_score)) &&
		    decode(d, i, roi, scores[i], &candidates[count]))
			count++;
	count = suppress(candidates, count, d->points, same_overlap);
	if (count > DETECT_MAX)
		count = DETECT_MAX;
	memcpy(found, candidates, (size_t)count * sizeof *found);
	return count;
}
