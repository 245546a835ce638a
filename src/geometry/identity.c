#include "geometry/identity.h"

#include "geometry/linalg.h"
#include "geometry/shape.h"

#include <string.h>

#include "geometry/identity.inc"

enum { RIGID = sizeof rigid / sizeof *rigid };

/* Rigid points as an orthographic body: x to the person's left, y up, z out of the face; in
 * normalised rays, for a focal length of 1. */
struct body {
	double at[RIGID][3];
};

struct aligned {
	double turn[3][3]; /* from the body to the mean face */
	double scale;      /* mm for each unit of the body */
	double middle[3];  /* of the body */
	double mean[3];    /* of the mean face */
};

static bool align(const struct body *b, struct aligned *out)
{
	double cross[3][3] = {{0}}, spread = 0, along = 0;
	memset(out, 0, sizeof *out);
	for (int i = 0; i < RIGID; i++)
		for (int k = 0; k < 3; k++) {
			out->middle[k] += b->at[i][k] / RIGID;
			out->mean[k] += rigid[i].mean[k] / RIGID;
		}
	for (int i = 0; i < RIGID; i++)
		for (int c = 0; c < 3; c++) {
			const double from = b->at[i][c] - out->middle[c];
			spread += from * from;
			for (int r = 0; r < 3; r++)
				cross[r][c] += (rigid[i].mean[r] - out->mean[r]) * from;
		}
	if (!(spread > 0) || !nearest_rotation(cross, out->turn))
		return false;
	for (int r = 0; r < 3; r++)
		along += dot3(out->turn[r], cross[r]);
	out->scale = along / spread;
	return out->scale > 0 && isfinite(out->scale);
}

/* What turning the head and coming nearer do to the mesh: calib/identity.py has the same terms. */
static void take_pose_away(const struct aligned *a, struct identity *out)
{
	const double tens = 18 / M_PI;
	const double *forward = a->turn[2];
	const double yaw = tens * atan2(forward[0], forward[2]),
	             pitch = -tens * asin(fmax(-1, fmin(1, forward[1])));
	const double near = 500 / a->scale - 0.7;
	const double terms[] = {yaw, pitch, yaw * yaw, pitch * pitch, yaw * pitch,
	                        near, near * pitch};
	_Static_assert(sizeof terms / sizeof *terms == sizeof pose_adds / sizeof *pose_adds,
	               "a row for each term");
	for (size_t t = 0; t < sizeof terms / sizeof *terms; t++)
		for (int i = 0; i < IDENTITY_SIZE; i++)
			out->along[i] -= terms[t] * pose_adds[t][i];
}

static bool identify(const struct body *b, struct identity *out)
{
	struct aligned a;
	if (!align(b, &a))
		return false;
	for (int i = 0; i < IDENTITY_SIZE; i++)
		out->along[i] = -middle[i];
	for (int p = 0; p < RIGID; p++) {
		double from[3], turned[3];
		for (int k = 0; k < 3; k++)
			from[k] = b->at[p][k] - a.middle[k];
		apply3(a.turn, from, turned);
		for (int k = 0; k < 3; k++) {
			const double off = a.scale * turned[k] + a.mean[k] - rigid[p].mean[k];
			for (int i = 0; i < IDENTITY_SIZE; i++)
				out->along[i] += off * rigid[p].add[k][i];
		}
	}
	take_pose_away(&a, out);
	return isfinite(out->along[0]);
}

bool identity_of_face(const struct camera *camera, const struct face_result *face, int width,
                      int height, struct identity *out)
{
	struct body b;
	if (!face->found)
		return false;
	for (int i = 0; i < RIGID; i++) {
		const struct face_point *p = &face->points[rigid[i].point];
		double ray[2];
		camera_ray(camera, (double)p->x * width, (double)p->y * height, ray);
		b.at[i][0] = ray[0];
		b.at[i][1] = -ray[1];
		b.at[i][2] = -(double)p->z * width / camera->fx;
	}
	return identify(&b, out);
}

/* The head's axes in the camera frame, from the angles that measure.c made of them when there was
 * no upright pitch yet. */
static bool upright_rotation(const struct profile *p, double rotation[3][3])
{
	const struct measure *pitch = &p->upright.m[MEASURE_HEAD_PITCH],
	                     *yaw = &p->upright.m[MEASURE_HEAD_YAW],
	                     *roll = &p->upright.m[MEASURE_HEAD_ROLL];
	if (!pitch->valid || !yaw->valid || !roll->valid)
		return false;
	const double degree = M_PI / 180, y = yaw->value * degree, t = pitch->value * degree,
	             r = roll->value * degree;
	const double level[3] = {cos(y), sin(y), 0},
	             rise[3] = {-sin(t) * sin(y), sin(t) * cos(y), -cos(t)};
	const double out[3] = {cos(t) * sin(y), -cos(t) * cos(y), -sin(t)};
	double left[3], axes[3][3];
	for (int k = 0; k < 3; k++)
		left[k] = cos(r) * level[k] + sin(r) * rise[k];
	camera_from_world(&p->camera, left, axes[0]);
	camera_from_world(&p->camera, out, axes[2]);
	axes[1][0] = axes[2][1] * axes[0][2] - axes[2][2] * axes[0][1];
	axes[1][1] = axes[2][2] * axes[0][0] - axes[2][0] * axes[0][2];
	axes[1][2] = axes[2][0] * axes[0][1] - axes[2][1] * axes[0][0];
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			rotation[i][k] = axes[k][i];
	return true;
}

/* The shape was seen along rays from this place: as the camera showed it, so that a look and a
 * profile of the same picture are the same (seen from straight ahead instead, a profile of a face
 * before a tilted camera is a stranger's). */
static bool as_seen(const struct profile *p, struct body *b)
{
	double rotation[3][3], eye[3], corners[3];
	if (!p->valid || !upright_rotation(p, rotation))
		return false;
	camera_from_world(&p->camera, p->eye_world_mm, eye);
	apply3(rotation, shape_corners_mm, corners);
	const double depth = eye[2] + corners[2];
	for (int i = 0; i < RIGID; i++) {
		const float *s = p->shape[rigid[i].point];
		const double point[3] = {(double)s[0], (double)s[1], (double)s[2]};
		double at[3];
		apply3(rotation, point, at);
		const double z = at[2] + eye[2];
		b->at[i][0] = (at[0] + eye[0]) / z;
		b->at[i][1] = -(at[1] + eye[1]) / z;
		b->at[i][2] = -(z - depth) / depth;
	}
	return depth > 0;
}

bool identity_of_profile(const struct profile *p, struct identity *out)
{
	struct body b;
	return as_seen(p, &b) && identify(&b, out);
}

bool identity_shape_through(const struct profile *p, double focal, float shape[FACE_POINTS][3])
{
	struct aligned a;
	struct body b;
	if (!as_seen(p, &b) || !align(&b, &a))
		return false;
	for (int i = 0; i < RIGID; i++) {
		const double depth = 1 - b.at[i][2] / focal;
		float *to = shape[rigid[i].point];
		to[0] = (float)(b.at[i][0] * depth * a.scale);
		to[1] = (float)(b.at[i][1] * depth * a.scale);
		to[2] = (float)(b.at[i][2] * a.scale);
	}
	return true;
}

double identity_log_ratio(const struct identity *a, int looks, const struct identity *b,
                          int other_looks)
{
	const double shared = 0.5;
	double sum = 0;
	for (int i = 0; i < IDENTITY_SIZE; i++) {
		const double p = between[i], x = a->along[i], y = b->along[i],
		             va = p + shared + (1 - shared) / looks,
		             vb = p + shared + (1 - shared) / other_looks;
		const double det = va * vb - p * p;
		const double same = (vb * x * x - 2 * p * x * y + va * y * y) / det;
		sum += (x * x / va + y * y / vb - same + log(va * vb / det)) / 2;
	}
	return sum;
}
