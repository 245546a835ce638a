#include "landmark/face.h"

#include "landmark/detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double track_lifetime_s = 2;

/* MediaPipe's face_landmark graphs: the region is half as large again as the face. */
static const float face_margin = 1.5f;

struct face_tracker {
	struct net *net, *detector_net;
	struct detector detector;
	bool tracking;
	struct roi roi;
	int width, height;
	double seconds;
};

struct face_tracker *face_tracker_create(const struct model_file *models, struct error *error)
{
	struct face_tracker *t = calloc(1, sizeof *t);
	if (t == NULL) {
		error_set(error, 0, "face: out of memory");
		return NULL;
	}
	t->net = net_create(models, NET_FACE_MESH, error);
	if (t->net != NULL)
		t->detector_net = net_create(models, NET_FACE_DETECTOR, error);
	if (t->detector_net == NULL) {
		face_tracker_free(t);
		return NULL;
	}
	detector_init(&t->detector, t->detector_net, NET_FACE_DETECTOR);
	return t;
}

void face_tracker_free(struct face_tracker *t)
{
	if (t == NULL)
		return;
	net_free(t->net);
	net_free(t->detector_net);
	free(t);
}

void face_tracker_reset(struct face_tracker *t)
{
	t->tracking = false;
}

/* How far the line from the person's right eye to the left one is turned from the picture's rows. */
static float eye_rotation(float rx, float ry, float lx, float ly)
{
	return atan2f(ly - ry, lx - rx);
}

/* Where the mesh of this frame says that the next one is: its bounding box, squared and widened. */
static struct roi roi_from_mesh(const struct face_result *r, int width, int height)
{
	const float w = (float)width, h = (float)height;
	float x0 = HUGE_VALF, y0 = HUGE_VALF, x1 = -HUGE_VALF, y1 = -HUGE_VALF;
	for (int i = 0; i < FACE_POINTS; i++) {
		x0 = fminf(x0, r->points[i].x * w);
		x1 = fmaxf(x1, r->points[i].x * w);
		y0 = fminf(y0, r->points[i].y * h);
		y1 = fmaxf(y1, r->points[i].y * h);
	}
	const struct face_point *right = &r->points[FACE_RIGHT_EYE_OUTER];
	const struct face_point *left = &r->points[FACE_LEFT_EYE_OUTER];
	return (struct roi){
		.cx = (x0 + x1) / 2,
		.cy = (y0 + y1) / 2,
		.side = face_margin * fmaxf(x1 - x0, y1 - y0),
		.rotation = eye_rotation(right->x * w, right->y * h, left->x * w, left->y * h),
	};
}

/* The mesh of one region; false when the network sees no face there. */
static bool look(struct face_tracker *t, const struct frame *frame, const struct roi *roi,
                 struct face_result *out)
{
	if (!(roi->side > 8) || !isfinite(roi->side))
		return false;
	warp_roi(frame, roi, (int)net_input_side(t->net), BORDER_REPLICATE, 1.0f / 255, 0,
	         net_input(t->net), net_input_stride(t->net));
	net_run(t->net);
	out->score = 1 / (1 + expf(-net_output(t->net, FACE_MESH_SCORE, NULL)[0]));
	out->roi = *roi;
	out->found = out->score > 0.5f;
	if (!out->found)
		return false;
	const float *points = net_output(t->net, FACE_MESH_POINTS, NULL);
	const float size = (float)net_input_side(t->net);
	const float cosine = cosf(roi->rotation), sine = sinf(roi->rotation);
	for (int i = 0; i < FACE_POINTS; i++) {
		const float *p = points + 3 * i;
		const float dx = (p[0] / size - 0.5f) * roi->side, dy = (p[1] / size - 0.5f) * roi->side;
		out->points[i] = (struct face_point){
			.x = (roi->cx + dx * cosine - dy * sine) / (float)frame->width,
			.y = (roi->cy + dx * sine + dy * cosine) / (float)frame->height,
			.z = p[2] / size * roi->side / (float)frame->width,
		};
	}
	return true;
}

/* A region that did not come from a mesh is only roughly placed, and the mesh depends a little on the
 * placement: a second look through the mesh's own region makes the answer the same however it was found. */
static bool look_twice(struct face_tracker *t, const struct frame *frame, const struct roi *roi,
                       struct face_result *out)
{
	if (!look(t, frame, roi, out))
		return false;
	struct roi own = roi_from_mesh(out, frame->width, frame->height);
	return look(t, frame, &own, out);
}

/* The face of a pose. Proportions of an adult face in interpupillary distances: eyes to mouth 1.1, ear
 * to ear 2.4, and the region 4.3; the largest of the three survives a turned or lowered head. */
static bool roi_from_pose(const struct pose_result *pose, const struct frame *frame, struct roi *roi)
{
	const float w = (float)frame->width, h = (float)frame->height;
	const struct pose_landmark *p = pose->landmarks;
	const struct pose_landmark *left = &p[POSE_LEFT_EYE], *right = &p[POSE_RIGHT_EYE];
	if (p[POSE_NOSE].visibility < 0.5f)
		return false;
	const float eye_x = (left->x + right->x) / 2 * w, eye_y = (left->y + right->y) / 2 * h;
	const float mouth_x = (p[POSE_MOUTH_LEFT].x + p[POSE_MOUTH_RIGHT].x) / 2 * w;
	const float mouth_y = (p[POSE_MOUTH_LEFT].y + p[POSE_MOUTH_RIGHT].y) / 2 * h;
	const float eyes = hypotf((left->x - right->x) * w, (left->y - right->y) * h);
	const float mouth = hypotf(mouth_x - eye_x, mouth_y - eye_y) / 1.1f;
	const float ears = hypotf((p[POSE_LEFT_EAR].x - p[POSE_RIGHT_EAR].x) * w,
	                          (p[POSE_LEFT_EAR].y - p[POSE_RIGHT_EAR].y) * h) / 2.4f;
	const float unit = fmaxf(eyes, fmaxf(mouth, ears));
	*roi = (struct roi){
		.cx = (eye_x + mouth_x) / 2,
		.cy = (eye_y + mouth_y) / 2,
		.side = 4.3f * unit,
		.rotation = eye_rotation(right->x * w, right->y * h, left->x * w, left->y * h),
	};
	/* A head in profile has no eye line worth following. */
	if (eyes < 0.4f * unit)
		roi->rotation = 0;
	return roi->side >= 24;
}

static struct roi roi_from_detection(const struct detection *d)
{
	return (struct roi){
		.cx = (d->x0 + d->x1) / 2,
		.cy = (d->y0 + d->y1) / 2,
		.side = face_margin * fmaxf(d->x1 - d->x0, d->y1 - d->y0),
		.rotation = eye_rotation(d->points[0][0], d->points[0][1], d->points[1][0], d->points[1][1]),
	};
}

/* The person at the computer is the nearest one: the largest face. */
static const struct detection *nearest(const struct detection *d, int count)
{
	const struct detection *best = d;
	for (int i = 1; i < count; i++)
		if (d[i].x1 - d[i].x0 > best->x1 - best->x0)
			best = &d[i];
	return best;
}

static bool detect_in(struct face_tracker *t, const struct frame *frame, const struct roi *area,
                      struct roi *roi)
{
	struct detection found[DETECT_MAX];
	int count = detector_run(&t->detector, frame, area, found);
	if (count == 0)
		return false;
	*roi = roi_from_detection(nearest(found, count));
	return true;
}

/* The detector over the whole frame, and where a pose tells of a face too small for that, around it. */
static bool detect(struct face_tracker *t, const struct frame *frame, const struct pose_result *pose,
                   struct roi *roi)
{
	const struct roi whole = frame_roi(frame);
	if (detect_in(t, frame, &whole, roi))
		return true;
	struct roi around;
	if (pose == NULL || !pose->found || !roi_from_pose(pose, frame, &around))
		return false;
	around.side *= 2;
	around.rotation = 0;
	return detect_in(t, frame, &around, roi);
}

void face_tracker_run(struct face_tracker *t, const struct frame *frame, const struct pose_result *pose,
                      struct face_result *out)
{
	memset(out, 0, sizeof *out);
	if (frame->width != t->width || frame->height != t->height ||
	    frame->seconds - t->seconds > track_lifetime_s || frame->seconds < t->seconds)
		t->tracking = false;
	t->width = frame->width;
	t->height = frame->height;
	t->seconds = frame->seconds;

	struct roi roi = t->roi;
	bool found = t->tracking && look(t, frame, &roi, out);
	if (!found && pose != NULL && pose->found && roi_from_pose(pose, frame, &roi))
		found = look_twice(t, frame, &roi, out);
	if (!found) {
		out->detected = true;
		found = detect(t, frame, pose, &roi) && look_twice(t, frame, &roi, out);
	}
	t->tracking = found;
	if (found)
		t->roi = roi_from_mesh(out, frame->width, frame->height);
}
