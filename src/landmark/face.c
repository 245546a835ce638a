#include "landmark/face.h"

#include "landmark/detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Two seconds, as for the body (pose.c): somebody who sways or turns stays within the region. */
static const double track_lifetime_s = 2;

/* Ways to read a picture in which no face was found: each has its turn (detect.h). */
enum { WAYS = READ_EVEN + 1 };

/* A mesh's own flag above one half says that a face is there. Below, it may be a good mesh of a
 * face that is blurred, bearded or in profile, or none: then the body network is asked, and where
 * both have the middle of the eyes in the same place, to this share of the eyes' distance, it is
 * one. Of 28 rendered faces (within 45 deg of yaw and 30 of pitch, 20 degradations) that the flag
 * alone had lost at every reading, eight count so, within 0.08 of their true place; what is off by
 * more than 0.15 has a flag below 0.04 or the eyes more than 0.3 apart. */
static const float flag_sure = 0.5f, flag_least = 0.05f, eyes_apart_most = 0.2f;


/* The region is half as large again as the face (README.md, "From the picture to an input"). */
static const float face_margin = 1.5f;

/* Pixels; a smaller region has no eyes to speak of: they would be 6 apart (4.3 of that is the
 * region). */
enum { FACE_SIDE_LEAST = 24 };

struct face_tracker {
	struct net *net, *detector_net;
	struct detector detector;
	bool tracking;
	bool once;      /* one region a look, whatever comes */
	enum reading reading; /* of the picture when a face was found last */
	int faces;
	struct roi roi;
	int width, height;
	double seconds;
	struct face_result other; /* of another region of the same picture */
};

struct face_tracker *face_tracker_create(const struct model_file *models, struct error *error)
{
	struct face_tracker *t = calloc(1, sizeof *t);
	if (t == NULL) {
		error_set(error, 0, "%s: out of memory", "face");
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
	t->reading = READ_PLAIN;
	t->faces = 0;
}

void face_tracker_look_once(struct face_tracker *t)
{
	t->once = true;
}

int face_tracker_faces(const struct face_tracker *t)
{
	return t->faces;
}

/* How far the line from the person's right eye to the left one is turned from the picture's
 * rows. */
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

/* Whether the eyes of a mesh are where the body network has them. */
static bool agrees(const struct pose_result *pose, const struct frame *frame,
                   const struct face_result *face)
{
	const float w = (float)frame->width, h = (float)frame->height;
	const struct face_point *right = &face->points[FACE_RIGHT_EYE_OUTER],
	                        *left = &face->points[FACE_LEFT_EYE_OUTER];
	const struct pose_landmark *p = pose->landmarks;
	const float apart = hypotf((left->x - right->x) * w, (left->y - right->y) * h);
	const float dx = left->x + right->x - p[POSE_LEFT_EYE].x - p[POSE_RIGHT_EYE].x,
	            dy = left->y + right->y - p[POSE_LEFT_EYE].y - p[POSE_RIGHT_EYE].y;
	return p[POSE_NOSE].visibility >= 0.5f &&
	       hypotf(dx * w, dy * h) / 2 <= eyes_apart_most * apart;
}

/* The mesh of one region; false when the network sees no face there, and `pose` (NULL: none) does
 * not have it in the same place. */
static bool look(struct face_tracker *t, const struct frame *frame, const struct pose_result *pose,
                 const struct roi *roi, struct face_result *out)
{
	if (!(roi->side > 8) || !isfinite(roi->side))
		return false;
	if (!net_read_region(t->net, frame, roi, t->reading, BORDER_REPLICATE, 1.0f / 255, 0))
		return false;
	net_run(t->net);
	out->score = 1 / (1 + expf(-net_output(t->net, FACE_MESH_SCORE, NULL)[0]));
	out->roi = *roi;
	out->found = out->score > flag_sure;
	if (!out->found && (pose == NULL || out->score < flag_least))
		return false;
	const float *points = net_output(t->net, FACE_MESH_POINTS, NULL);
	const float size = (float)net_input_side(t->net);
	const float cosine = cosf(roi->rotation), sine = sinf(roi->rotation);
	for (int i = 0; i < FACE_POINTS; i++) {
		const float *p = points + 3 * i;
		const float dx = (p[0] / size - 0.5f) * roi->side,
		            dy = (p[1] / size - 0.5f) * roi->side;
		out->points[i] = (struct face_point){
			.x = (roi->cx + dx * cosine - dy * sine) / (float)frame->width,
			.y = (roi->cy + dx * sine + dy * cosine) / (float)frame->height,
			.z = p[2] / size * roi->side / (float)frame->width,
		};
	}
	out->found = out->found || agrees(pose, frame, out);
	return out->found;
}

/* A region that did not come from a mesh is only roughly placed, and the mesh depends a little on
 * the placement: a second look through the mesh's own region makes the answer the same however it
 * was found. */
static bool look_twice(struct face_tracker *t, const struct frame *frame,
                       const struct pose_result *pose, const struct roi *roi,
                       struct face_result *out)
{
	if (!look(t, frame, pose, roi, out))
		return false;
	struct roi own = roi_from_mesh(out, frame->width, frame->height);
	return look(t, frame, pose, &own, out);
}

/* The face of a pose, whether or not it can be seen. Proportions of an adult face in interpupillary
 * distances: eyes to mouth 1.1, ear to ear 2.4, and the region 4.3; the largest of the three
 * survives a turned or lowered head. */
static struct roi roi_from_pose(const struct pose_result *pose, const struct frame *frame)
{
	const float w = (float)frame->width, h = (float)frame->height;
	const struct pose_landmark *p = pose->landmarks;
	const struct pose_landmark *left = &p[POSE_LEFT_EYE], *right = &p[POSE_RIGHT_EYE];
	const float eye_x = (left->x + right->x) / 2 * w, eye_y = (left->y + right->y) / 2 * h;
	const float mouth_x = (p[POSE_MOUTH_LEFT].x + p[POSE_MOUTH_RIGHT].x) / 2 * w;
	const float mouth_y = (p[POSE_MOUTH_LEFT].y + p[POSE_MOUTH_RIGHT].y) / 2 * h;
	const float eyes = hypotf((left->x - right->x) * w, (left->y - right->y) * h);
	const float mouth = hypotf(mouth_x - eye_x, mouth_y - eye_y) / 1.1f;
	const float ears = hypotf((p[POSE_LEFT_EAR].x - p[POSE_RIGHT_EAR].x) * w,
	                          (p[POSE_LEFT_EAR].y - p[POSE_RIGHT_EAR].y) * h) / 2.4f;
	const float unit = fmaxf(eyes, fmaxf(mouth, ears));
	struct roi roi = {
		.cx = (eye_x + mouth_x) / 2,
		.cy = (eye_y + mouth_y) / 2,
		.side = 4.3f * unit,
		.rotation = eye_rotation(right->x * w, right->y * h, left->x * w, left->y * h),
	};
	/* A head in profile has no eye line worth following. */
	if (eyes < 0.4f * unit)
		roi.rotation = 0;
	return roi;
}

/* Whether a face's region is on the head that the pose has: a head's width off at most (the region
 * is nearly two), and not of another size altogether. No pose: any face. */
static bool belongs(const struct pose_result *pose, const struct frame *frame,
                    const struct roi *face)
{
	if (pose == NULL)
		return true;
	const struct roi head = roi_from_pose(pose, frame);
	const float larger = fmaxf(head.side, face->side);
	return hypotf(face->cx - head.cx, face->cy - head.cy) < 0.6f * larger &&
	       fminf(head.side, face->side) > 0.3f * larger;
}

static struct roi roi_from_detection(const struct detection *d)
{
	return (struct roi){
		.cx = (d->x0 + d->x1) / 2,
		.cy = (d->y0 + d->y1) / 2,
		.side = face_margin * fmaxf(d->x1 - d->x0, d->y1 - d->y0),
		.rotation = eye_rotation(d->points[0][0], d->points[0][1],
		                         d->points[1][0], d->points[1][1]),
	};
}

/* The person at the computer is the nearest one, and sits in the middle: at the edge a face must be
 * twice as large to be taken for them. */
static float rank(const struct frame *frame, const struct detection *d)
{
	const float off_centre = fabsf((d->x0 + d->x1) / (float)frame->width - 1);
	return d->score * (d->x1 - d->x0) * (1 - 0.5f * fminf(off_centre, 1));
}

static bool detect_in(struct face_tracker *t, const struct frame *frame,
                      const struct pose_result *pose, const struct roi *area, struct roi *roi)
{
	struct detection found[DETECT_MAX];
	float best = 0;
	const int count = detector_run(&t->detector, frame, area, t->reading, found);
	if (count > t->faces)
		t->faces = count;
	for (int i = 0; i < count; i++) {
		const struct roi face = roi_from_detection(&found[i]);
		if (rank(frame, &found[i]) > best && belongs(pose, frame, &face)) {
			best = rank(frame, &found[i]);
			*roi = face;
		}
	}
	return best > 0;
}

/* The detector over the whole frame, and where a pose tells of a face too small for that, around
 * it. */
static bool detect(struct face_tracker *t, const struct frame *frame,
                   const struct pose_result *pose, struct roi *roi)
{
	const struct roi whole = frame_roi(frame);
	t->faces = 0;
	if (detect_in(t, frame, pose, &whole, roi))
		return true;
	if (pose == NULL)
		return false;
	struct roi around = roi_from_pose(pose, frame);
	around.side *= 2;
	around.rotation = 0;
	return around.side >= 2 * FACE_SIDE_LEAST && detect_in(t, frame, pose, &around, roi);
}

/* Where the pose has its face. `doubt`: a mesh that its own flag doubts counts where the pose
 * agrees. */
static bool look_at_pose(struct face_tracker *t, const struct frame *frame,
                         const struct pose_result *pose, bool doubt, struct face_result *out)
{
	if (pose == NULL || pose->landmarks[POSE_NOSE].visibility < 0.5f)
		return false;
	const struct roi roi = roi_from_pose(pose, frame);
	return roi.side >= FACE_SIDE_LEAST &&
	       look_twice(t, frame, doubt ? pose : NULL, &roi, out);
}

/* Without a track: where the pose has its face, or where the detector sees one. */
static bool search(struct face_tracker *t, const struct frame *frame,
                   const struct pose_result *pose, struct face_result *out)
{
	struct roi roi;
	if (look_at_pose(t, frame, pose, false, out))
		return true;
	out->detected = true;
	return detect(t, frame, pose, &roi) && look_twice(t, frame, NULL, &roi, out);
}

/* Every reading in turn, from the one that served last, and then again with doubt. */
static bool search_every_way(struct face_tracker *t, const struct frame *frame,
                             const struct pose_result *pose, struct face_result *out)
{
	const enum reading first = t->reading;
	for (int i = 0; i < 2 * WAYS; i++) {
		t->reading = (enum reading)(((int)first + i) % WAYS);
		if (i < WAYS ? search(t, frame, pose, out)
		             : look_at_pose(t, frame, pose, true, out))
			return true;
	}
	t->reading = READ_PLAIN;
	return false;
}

/* A mesh wavers with the place of its region by more than one of a film does from picture to
 * picture: a face that comes by itself is looked at through three more, each shifted, scaled and
 * turned a little, and the mean taken. Over ten rendered people that takes 15 % off the error of
 * the distance, 13 % off lean-in and yaw, a fifth off roll; five or seven more take off no more. In
 * a film the filter of the measures does the same over time. */
static void look_around(struct face_tracker *t, const struct frame *frame,
                        const struct pose_result *pose, struct face_result *out)
{
	static const struct {
		float x, y, scale, turn; /* of the side; radians */
	} around[] = {{0.05f, 0.035f, 1.07f, 0.07f}, {-0.05f, 0.035f, 0.95f, -0.07f},
	              {0, -0.05f, 1.035f, 0}};
	enum { AROUND = sizeof around / sizeof *around };
	const struct roi own = roi_from_mesh(out, frame->width, frame->height);
	const struct pose_result *doubt = out->score > flag_sure ? NULL : pose;
	float seen = 1;
	for (int k = 0; k < AROUND; k++) {
		const struct roi roi = {.cx = own.cx + around[k].x * own.side,
		                        .cy = own.cy + around[k].y * own.side,
		                        .side = own.side * around[k].scale,
		                        .rotation = own.rotation + around[k].turn};
		if (!look(t, frame, doubt, &roi, &t->other))
			continue;
		seen++;
		for (int i = 0; i < FACE_POINTS; i++) {
			out->points[i].x += (t->other.points[i].x - out->points[i].x) / seen;
			out->points[i].y += (t->other.points[i].y - out->points[i].y) / seen;
			out->points[i].z += (t->other.points[i].z - out->points[i].z) / seen;
		}
	}
}

void face_tracker_run(struct face_tracker *t, const struct frame *frame,
                      const struct pose_result *pose, struct face_result *out)
{
	memset(out, 0, sizeof *out);
	if (frame->width != t->width || frame->height != t->height ||
	    frame->seconds - t->seconds > track_lifetime_s || frame->seconds < t->seconds) {
		t->tracking = false;
		t->reading = READ_PLAIN;
	}
	t->width = frame->width;
	t->height = frame->height;
	t->seconds = frame->seconds;
	if (pose != NULL && !pose->found)
		pose = NULL;

	struct roi roi = t->roi;
	const bool tracked = t->tracking && belongs(pose, frame, &roi) &&
	                     look(t, frame, NULL, &roi, out);
	const bool found = tracked || search_every_way(t, frame, pose, out);
	t->tracking = found;
	out->found = found;
	if (found && !tracked && !t->once)
		look_around(t, frame, pose, out);
	if (found)
		t->roi = roi_from_mesh(out, frame->width, frame->height);
}
