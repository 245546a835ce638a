#include "landmark/pose.h"

#include "landmark/detect.h"
#include "landmark/one_euro.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { AUXILIARY = 33 }; /* landmarks 33 and 34 carry the next region: centre and size */

/* A track older than this is not where the person is any more. */
static const double track_lifetime_s = 2;

struct pose_tracker {
	struct net *net;
	struct net *detector_net;
	struct detector detector;
	bool tracking;
	struct roi roi;
	int width, height;
	double seconds;
	struct one_euro filters[2][2];
};

struct pose_tracker *pose_tracker_create(const struct model_file *models, enum net_id landmarks,
                                         struct error *error)
{
	struct pose_tracker *t = calloc(1, sizeof *t);
	if (t == NULL) {
		error_set(error, 0, "pose: out of memory");
		return NULL;
	}
	t->net = net_create(models, landmarks, error);
	if (t->net != NULL)
		t->detector_net = net_create(models, NET_POSE_DETECTOR, error);
	if (t->detector_net == NULL) {
		pose_tracker_free(t);
		return NULL;
	}
	detector_init(&t->detector, t->detector_net, NET_POSE_DETECTOR);
	return t;
}

void pose_tracker_free(struct pose_tracker *t)
{
	if (t == NULL)
		return;
	net_free(t->net);
	net_free(t->detector_net);
	free(t);
}

void pose_tracker_reset(struct pose_tracker *t)
{
	t->tracking = false;
	memset(t->filters, 0, sizeof t->filters);
}

static float wrap_angle(float a)
{
	const float turn = 2 * (float)M_PI;
	return a - turn * floorf((a + (float)M_PI) / turn);
}

/* Square of 1.25 times the circle around `centre` through `edge`, the person upright in it. */
static struct roi roi_from_points(const float centre[2], const float edge[2])
{
	const float dx = edge[0] - centre[0], dy = edge[1] - centre[1];
	return (struct roi){
		.cx = centre[0],
		.cy = centre[1],
		.side = 2 * 1.25f * hypotf(dx, dy),
		.rotation = wrap_angle((float)M_PI / 2 - atan2f(-dy, dx)),
	};
}

static float sigmoid(float x)
{
	return 1 / (1 + expf(-x));
}

/* The heat map sharpens x and y: the mean of the 7 x 7 cells around the regressed point, weighted by
 * their probability, when the best of them is at least one half. Coordinates are 0-1 of the region. */
static void refine(const float *heat, int landmark, float *x, float *y)
{
	enum { SIDE = 64, RADIUS = 3 };
	const int column = (int)(*x * SIDE), row = (int)(*y * SIDE);
	if (column < 0 || column >= SIDE || row < 0 || row >= SIDE)
		return;
	const int c0 = column > RADIUS ? column - RADIUS : 0, r0 = row > RADIUS ? row - RADIUS : 0;
	const int c1 = column + RADIUS < SIDE ? column + RADIUS : SIDE - 1;
	const int r1 = row + RADIUS < SIDE ? row + RADIUS : SIDE - 1;
	float sum = 0, sum_x = 0, sum_y = 0, best = 0;
	for (int r = r0; r <= r1; r++)
		for (int c = c0; c <= c1; c++) {
			float p = sigmoid(heat[(r * SIDE + c) * POSE_ALL_POINTS + landmark]);
			best = fmaxf(best, p);
			sum += p;
			sum_x += p * (float)c;
			sum_y += p * (float)r;
		}
	if (best >= 0.5f && sum > 0) {
		*x = sum_x / sum / SIDE;
		*y = sum_y / sum / SIDE;
	}
}

static void read_landmarks(const struct pose_tracker *t, const struct roi *roi, const struct frame *frame,
                           struct pose_result *out)
{
	const float *points = net_output(t->net, POSE_LANDMARKS, NULL);
	const float *heat = net_output(t->net, POSE_HEATMAP, NULL);
	const float *world = net_output(t->net, POSE_WORLD, NULL);
	const float size = (float)net_input_side(t->net);
	const float cosine = cosf(roi->rotation), sine = sinf(roi->rotation);
	const float width = (float)frame->width, height = (float)frame->height;
	for (int i = 0; i < POSE_ALL_POINTS; i++) {
		const float *p = points + 5 * i;
		float x = p[0] / size, y = p[1] / size;
		refine(heat, i, &x, &y);
		const float dx = (x - 0.5f) * roi->side, dy = (y - 0.5f) * roi->side;
		out->landmarks[i] = (struct pose_landmark){
			.x = (roi->cx + dx * cosine - dy * sine) / width,
			.y = (roi->cy + dx * sine + dy * cosine) / height,
			.z = p[2] / size * roi->side / width,
			.visibility = sigmoid(p[3]),
			.presence = sigmoid(p[4]),
		};
	}
	for (int i = 0; i < POSE_POINTS; i++) {
		const float *w = world + 3 * i;
		out->world[i] = (struct pose_world){
			.x = w[0] * cosine - w[1] * sine, .y = w[0] * sine + w[1] * cosine, .z = w[2]};
	}
}

/* Landmarks of one region; false when nobody is there. */
static bool look(struct pose_tracker *t, const struct frame *frame, const struct roi *roi,
                 struct pose_result *out)
{
	if (!(roi->side > 1) || !isfinite(roi->side))
		return false;
	warp_roi(frame, roi, (int)net_input_side(t->net), BORDER_REPLICATE, 1.0f / 255, 0,
	         net_input(t->net), net_input_stride(t->net));
	net_run(t->net);
	out->score = net_output(t->net, POSE_PRESENCE, NULL)[0];
	out->roi = *roi;
	out->found = out->score > 0.5f;
	if (out->found)
		read_landmarks(t, roi, frame, out);
	return out->found;
}

/* The detector's best person, as MediaPipe takes it. */
static bool detect(struct pose_tracker *t, const struct frame *frame, struct roi *roi)
{
	struct detection found[DETECT_MAX];
	const struct roi whole = frame_roi(frame);
	if (detector_run(&t->detector, frame, &whole, found) == 0)
		return false;
	*roi = roi_from_points(found[0].points[0], found[0].points[1]);
	return true;
}

/* The two auxiliary landmarks, smoothed against jitter of the region (MediaPipe: min_cutoff 0.01,
 * beta 10), in pixels; speed counts in units of the region. */
static void follow(struct pose_tracker *t, const struct frame *frame, const struct pose_result *r)
{
	float points[2][2];
	for (int i = 0; i < 2; i++) {
		points[i][0] = r->landmarks[AUXILIARY + i].x * (float)frame->width;
		points[i][1] = r->landmarks[AUXILIARY + i].y * (float)frame->height;
	}
	const double size = 2 * hypot((double)(points[1][0] - points[0][0]),
	                              (double)(points[1][1] - points[0][1]));
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 2; k++)
			points[i][k] = (float)one_euro_step(&t->filters[i][k], (double)points[i][k],
			                                    frame->seconds, 1 / fmax(size, 1), 0.01, 10);
	t->roi = roi_from_points(points[0], points[1]);
	t->tracking = true;
}

void pose_tracker_run(struct pose_tracker *t, const struct frame *frame, struct pose_result *out)
{
	memset(out, 0, sizeof *out);
	if (t->tracking && (frame->width != t->width || frame->height != t->height ||
	                    frame->seconds - t->seconds > track_lifetime_s || frame->seconds < t->seconds))
		pose_tracker_reset(t);
	t->width = frame->width;
	t->height = frame->height;
	t->seconds = frame->seconds;

	struct roi roi = t->roi;
	bool found = t->tracking && look(t, frame, &roi, out);
	if (!found) {
		pose_tracker_reset(t);
		out->detected = true;
		found = detect(t, frame, &roi) && look(t, frame, &roi, out);
	}
	if (found)
		follow(t, frame, out);
}
