#include "geometry/measure.h"

#include "geometry/linalg.h"
#include "geometry/shape.h"

#include <string.h>

static const double degree = M_PI / 180;

/* Everything about one frame that the measures are made of. */
struct scene {
	const struct camera *camera;
	const struct profile *profile; /* NULL when there is none */
	struct measures *out;
	double scale_sigma;            /* relative, of all lengths of the face */
	double focal_along, focal_across; /* relative, by the focal length: of
	                                   * distances and of what lies across */
	double eye[3];                 /* world, mm */
	double screen;                 /* where it is, radians: profile_screen_deg */
	double eye_camera[3];
	double depth_sigma;            /* relative, of this fit */
};

static void set(struct scene *s, enum measure_id id, double value, double sigma)
{
	s->out->m[id] = (struct measure){value, sigma, isfinite(value) && isfinite(sigma)};
}

static double square(double x)
{
	return x * x;
}

/* Farther from the screen, and to the person's left before it, in cm: of a place, or a way, in the
 * world. */
static double away(const struct scene *s, const double world[3])
{
	return (world[1] * cos(s->screen) - world[0] * sin(s->screen)) / 10;
}

static double aside(const struct scene *s, const double world[3])
{
	return (world[0] * cos(s->screen) + world[1] * sin(s->screen)) / 10;
}

/* Repeatability of one fit: what no baseline removes. What the fit leaves over tells it best: a
 * face that is turned, blurred, laughing or half hidden fits badly (errors of distance and misfits
 * of ten rendered people correlate by 0.6; with it the turn tells nothing more). Fitted by
 * likelihood on nine people and scored on the tenth, the same pair came out ten times: 93 % within
 * 2 sigma, negative log-likelihood 1.2 (2.2 before). */
static const double fit_distance = 0.003, fit_distance_mm = 0.012, fit_lateral_mm = 2.3;

/* The scale was measured by a ruler: profile_make tells 0.06 of one that was not. */
static bool by_ruler(const struct profile *p)
{
	return p != NULL && p->scale_sigma < 0.04;
}

static void measure_distance(struct scene *s)
{
	const double d = length3(s->eye_camera) / 10;
	const double relative = square(s->depth_sigma) + square(s->scale_sigma) +
	                        square(s->focal_along);
	set(s, MEASURE_EYE_DISTANCE, d, d * sqrt(relative));

	const double forward = away(s, s->eye);
	const double tilt = s->camera->tilt_sigma_deg * degree * fabs(s->eye[2]) / 10;
	set(s, MEASURE_SCREEN_DISTANCE, forward, sqrt(square(forward) * relative + square(tilt)));
}

static void measure_place(struct scene *s)
{
	const double forward = s->eye[1] / 10, side = s->eye[0] / 10, up = s->eye[2] / 10;
	const double lateral = square(fit_lateral_mm / 10);
	const double relative = square(s->scale_sigma) + square(s->focal_across);
	const double tilt = s->camera->tilt_sigma_deg * degree * forward;
	set(s, MEASURE_EYE_SIDE, side, sqrt(lateral + square(side) * relative));
	set(s, MEASURE_EYE_HEIGHT, up, sqrt(lateral + square(up) * relative + square(tilt)));
}

/* Against the profile the common errors (scale, tilt, focal length) act on the change only. */
static void measure_change(struct scene *s)
{
	/* A camera that was turned since, as the room tells: what its new tilt, direction and place
	 * are unsure by lies in the whole distance and not in the change alone. */
	const double tilted = s->camera->moved_sigma_deg * degree,
	             panned = s->camera->pan_sigma_deg * degree, moved = s->camera->moved_mm / 10;
	/* A lid leans back by some 17 deg: by that share the camera goes down, not back. */
	const double lid_back = 0.3;
	const double *upright = s->profile->eye_world_mm;
	const double forward = away(s, upright) - away(s, s->eye),
	             drop = (upright[2] - s->eye[2]) / 10;
	const double side = aside(s, s->eye) - aside(s, upright);
	const double along = square(s->scale_sigma) + square(s->focal_along);
	const double across = square(s->scale_sigma) + square(s->focal_across);
	/* A difference of two fits, each with its own error: independent, so squares add. A
	 * calibration is the median of several that fit well. On ten rendered people the likelihood
	 * of lean-in changes by 0.04 where this changes by a quarter. */
	const double upright_distance = 0.008;
	const double depth = hypot(s->depth_sigma * s->eye[1], upright_distance * upright[1]) / 10;
	const double lateral = square(fit_lateral_mm / 10);
	const double tilt = s->camera->tilt_sigma_deg * degree;
	const double slope = s->eye[2] / s->eye[1];
	set(s, MEASURE_LEAN_IN, forward,
	    sqrt(square(depth) + square(forward) * along + square(tilt * drop) +
	         square(tilted * s->eye[2] / 10) + square(panned * s->eye[0] / 10) +
	         square(moved)));
	set(s, MEASURE_EYE_DROP, drop,
	    sqrt(lateral + square(depth * slope) + square(drop) * across +
	         square(tilt * forward) + square(tilted * s->eye[1] / 10) +
	         square(moved * lid_back)));
	set(s, MEASURE_LEAN_SIDE, side, sqrt(lateral + square(side) * across +
	                                     square(depth *
	                                            (s->eye[0] / s->eye[1] + sin(s->screen))) +
	                                     square(panned * s->eye[1] / 10)));
}

struct head_angles {
	double pitch, yaw, roll; /* degrees, measures.h */
};

/* Yaw and pitch are those of the line of the face that is level when upright: `zero` degrees above
 * the head frame's own outward axis. With that axis itself a head that only tips to its shoulder by
 * r would seem to turn by zero sin r (rendered: 4 to 6 deg at 18). */
static struct head_angles angles_of(const struct camera *camera, const struct head_pose *head,
                                    double zero)
{
	double left[3], out[3], world[3];
	for (int i = 0; i < 3; i++) {
		left[i] = head->rotation[i][0];
		out[i] = cos(zero * degree) * head->rotation[i][2] +
		         sin(zero * degree) * head->rotation[i][1];
	}
	camera_to_world(camera, out, world);
	struct head_angles a = {
		.pitch = -asin(fmax(-1, fmin(1, world[2]))) / degree,
		.yaw = atan2(world[0], -world[1]) / degree,
	};
	camera_to_world(camera, left, world);
	const double level = fmax(0.1, cos(a.pitch * degree));
	a.roll = asin(fmax(-1, fmin(1, -world[2] / level))) / degree;
	return a;
}

static void measure_head(struct scene *s, const struct head_pose *head)
{
	const double zero = s->profile != NULL ? s->profile->upright.m[MEASURE_HEAD_PITCH].value
	                                       : 0;
	struct head_angles a = angles_of(s->camera, head, zero);
	a.pitch += zero;
	/* Without a profile the shape is somebody's mean and its zero of pitch a convention: 5 deg.
	 * With one the zero comes from another fit, of a face that looked ahead. The rest is what
	 * rendered people err, whole and with the turn: of ten 97 % of pitch and yaw and 96 % of
	 * roll are within 2 sigma. Any of these numbers a quarter larger or smaller changes the
	 * negative log-likelihood by 0.13 at most. Chosen anew on nine for the tenth they would be
	 * smaller (yaw 1.1 for 1.5: 0.99 instead of 1.02; roll 0.5 for 1.0: 0.24 instead of 0.45);
	 * kept, for heads with glasses and hair. */
	const double pitch_fit = 2.3, turned = fabs(a.yaw) / 90;
	const double pitch = hypot(hypot(pitch_fit + 3 * turned + 0.08 * fabs(a.pitch),
	                                 s->profile != NULL ? pitch_fit : 5),
	                           s->camera->moved_sigma_deg);
	set(s, MEASURE_HEAD_PITCH, a.pitch, hypot(pitch, s->camera->tilt_sigma_deg));
	const double yaw = hypot(1.5 + 4 * turned, s->camera->pan_sigma_deg);
	set(s, MEASURE_HEAD_YAW, a.yaw, yaw);
	set(s, MEASURE_HEAD_ROLL, a.roll, 1.0 + 2 * turned);
	if (s->profile == NULL)
		return;
	set(s, MEASURE_HEAD_PITCH_CHANGE, a.pitch - zero, pitch);
	set(s, MEASURE_HEAD_YAW_CHANGE, a.yaw - s->profile->upright.m[MEASURE_HEAD_YAW].value, yaw);
	if (s->profile->upright.m[MEASURE_HEAD_ROLL].valid)
		set(s, MEASURE_HEAD_ROLL_CHANGE,
		    a.roll - s->profile->upright.m[MEASURE_HEAD_ROLL].value, 1.0 + 2 * turned);
}

/* ---- shoulders ---- */

static bool shoulder_rays(const struct camera *camera, const struct pose_result *pose, int width,
                          int height, double left[2], double right[2])
{
	const struct pose_landmark *l = &pose->landmarks[POSE_LEFT_SHOULDER];
	const struct pose_landmark *r = &pose->landmarks[POSE_RIGHT_SHOULDER];
	if (!pose->found || l->visibility < 0.5f || r->visibility < 0.5f)
		return false;
	camera_ray(camera, (double)l->x * width, (double)l->y * height, left);
	camera_ray(camera, (double)r->x * width, (double)r->y * height, right);
	return left[0] - right[0] > 0.05;
}

bool shoulders_locate(const struct camera *camera, const struct pose_result *pose,
                      int width, int height, double width_mm, struct shoulders *out)
{
	double left[2], right[2];
	if (!shoulder_rays(camera, pose, width, height, left, right))
		return false;
	const double dx = left[0] - right[0], dy = left[1] - right[1];
	const double depth = width_mm / hypot(dx, dy);
	const double l[3] = {left[0] * depth, left[1] * depth, depth};
	const double r[3] = {right[0] * depth, right[1] * depth, depth};
	double a[3], b[3];
	camera_to_world(camera, l, a);
	camera_to_world(camera, r, b);
	for (int i = 0; i < 3; i++)
		out->middle[i] = (a[i] + b[i]) / 2;
	/* Across the picture: depth differences of the two shoulders are not seen from the
	 * front. */
	out->tilt_deg = atan2(a[2] - b[2], a[0] - b[0]) / degree;
	out->ray_width = hypot(dx, dy);
	return true;
}

static void measure_shoulders(struct scene *s, const struct pose_result *pose,
                              int width, int height)
{
	const struct profile *p = s->profile;
	struct shoulders now;
	double width_mm = p != NULL && p->shoulders_valid ? p->shoulder_width_mm : 360;
	if (!shoulders_locate(s->camera, pose, width, height, width_mm, &now))
		return;
	double tilt = now.tilt_deg, sigma = 2.5;
	if (p != NULL && p->upright.m[MEASURE_SHOULDER_TILT].valid) {
		tilt -= p->upright.m[MEASURE_SHOULDER_TILT].value;
		sigma = 1.8;
	}
	set(s, MEASURE_SHOULDER_TILT, tilt, sigma);
	if (p == NULL || !p->shoulders_valid)
		return;
	double drop = (p->shoulder_world_mm[2] - now.middle[2]) / 10;
	/* Ten rendered people: 0.7 cm in the mean, 0.9 where they moved most; and with the head
	 * turned by 48 deg, which the network takes the shoulders along with, 2.5. Fitted by
	 * likelihood on nine and scored on the tenth, 95 % are within 2 sigma. */
	const struct measure *yaw = &s->out->m[MEASURE_HEAD_YAW_CHANGE];
	const double turned = yaw->valid ? 1 - cos(yaw->value * degree) : 0;
	const double tilted = s->camera->moved_sigma_deg * degree * now.middle[1] / 10;
	set(s, MEASURE_SHOULDER_DROP, drop,
	    hypot(sqrt(square(0.75) + square(0.16 * drop) + square(6.5 * turned)), tilted));
	const double side = aside(s, now.middle) - aside(s, p->shoulder_world_mm);
	/* Their depth, told by a width that changes with every shrug and turn, is known to some 5
	 * %. */
	const double depth = 0.05 * now.middle[1] / 10 * sin(s->screen);
	const double panned = s->camera->pan_sigma_deg * degree * now.middle[1] / 10;
	set(s, MEASURE_SHOULDER_SIDE, side,
	    hypot(hypot(1 + 0.05 * fabs(side), depth), panned));
}

/* ---- the head without a face ---- */

bool pose_head_angles(const struct pose_result *pose, double *pitch_deg, double *yaw_deg)
{
	const struct pose_world *w = pose->world;
	double v[3];
	if (!pose->found || pose->landmarks[POSE_NOSE].visibility < 0.5f)
		return false;
	v[0] = (double)(w[POSE_NOSE].x - (w[POSE_LEFT_EAR].x + w[POSE_RIGHT_EAR].x) / 2);
	v[1] = (double)(w[POSE_NOSE].y - (w[POSE_LEFT_EAR].y + w[POSE_RIGHT_EAR].y) / 2);
	v[2] = (double)(w[POSE_NOSE].z - (w[POSE_LEFT_EAR].z + w[POSE_RIGHT_EAR].z) / 2);
	*pitch_deg = atan2(v[1], -v[2]) / degree;
	*yaw_deg = atan2(v[0], -v[2]) / degree;
	return isfinite(*pitch_deg) && isfinite(*yaw_deg);
}

/* A face that looks straight down or far aside is not found, but the body network still has nose
 * and ears. On the six rendered people its changes are 0.6 of the true ones and scatter by 7
 * deg. */
static void measure_head_without_face(struct scene *s, const struct pose_result *pose)
{
	const double gain = 0.6, scatter = 7;
	double pitch, yaw;
	if (s->profile == NULL || !s->profile->pose_head_valid ||
	    !pose_head_angles(pose, &pitch, &yaw))
		return;
	pitch = (pitch - s->profile->pose_pitch_deg) / gain;
	yaw = (yaw - s->profile->pose_yaw_deg) / gain;
	set(s, MEASURE_HEAD_PITCH_CHANGE, pitch, scatter / gain);
	set(s, MEASURE_HEAD_YAW_CHANGE, yaw, scatter / gain);
	set(s, MEASURE_HEAD_PITCH, pitch + s->profile->upright.m[MEASURE_HEAD_PITCH].value,
	    hypot(scatter / gain, s->camera->tilt_sigma_deg));
	set(s, MEASURE_HEAD_YAW, yaw + s->profile->upright.m[MEASURE_HEAD_YAW].value,
	    scatter / gain);
}

/* ---- estimates ----
 * From the front, trunk and neck are not seen; these come from a seated stick figure: the trunk is
 * a rod of 45 cm from hip to C7 and the eyes lie on a second one of 22 cm from C7, 45 deg forward
 * of it when upright (proportions of Winter, Biomechanics and Motor Control, table 4.1, for 1.75
 * m). How the eyes move down and forward is shared between the two. The share is unknown to some
 * 0.24 of 0.6, people's proportions to a tenth, and who sinks without coming nearer slides on the
 * seat with the trunk back: rendered, by 4 deg at 6 cm. So told, ten rendered people have 97 % of
 * their trunks and of their necks within 2 sigma. */
static void measure_estimates(struct scene *s)
{
	const double trunk_cm = 45, share = 0.6, radian = 180 / M_PI;
	if (s->profile == NULL || !s->out->m[MEASURE_LEAN_IN].valid)
		return;
	const double forward = s->out->m[MEASURE_LEAN_IN].value;
	const double pitch = s->out->m[MEASURE_HEAD_PITCH_CHANGE].value;
	const double trunk = asin(fmax(-0.9, fmin(0.9, share * forward / trunk_cm))) * radian;
	const double drop = s->out->m[MEASURE_EYE_DROP].value;
	const double trunk_sigma = sqrt(1 + square(0.4 * trunk) + square(0.3 * drop));
	set(s, MEASURE_TRUNK_FLEXION, trunk, trunk_sigma);
	set(s, MEASURE_NECK_FLEXION, pitch - trunk,
	    hypot(s->out->m[MEASURE_HEAD_PITCH_CHANGE].sigma, trunk_sigma));
	/* Healthy mean 55 deg (Carrasco-Uribarren 2023); a forward head lowers it by about 1 deg
	 * per cm. */
	set(s, MEASURE_CVA, 55 - fmax(-15, fmin(25, (1 - share) * forward)), 8);
}

static void measure_monitor(struct scene *s)
{
	const struct measure *height = &s->out->m[MEASURE_EYE_HEIGHT];
	const double sigma = hypot(height->sigma, s->camera->screen_top_sigma_cm);
	/* Advice on a screen's height from a worse number than this would be wrong too often. */
	const double largest_sigma_cm = 4;
	if (sigma <= largest_sigma_cm)
		set(s, MEASURE_MONITOR_TOP_OFFSET, s->camera->screen_top_cm - height->value, sigma);
}

void measures_from_landmarks(const struct camera *camera, const struct profile *profile,
                             const struct pose_result *pose, const struct face_result *face,
                             int width, int height, struct measures *out, struct head_pose *head)
{
	struct scene s = {.camera = camera, .out = out,
	                  .profile = profile != NULL && profile->valid ? profile : NULL};
	memset(out, 0, sizeof *out);
	if (s.profile != NULL)
		s.screen = profile_screen_deg(s.profile->upright.m[MEASURE_HEAD_YAW].value) *
		           degree;
	s.scale_sigma = s.profile != NULL ? s.profile->scale_sigma : 0.06;
	/* A face of known size is as far as the focal length says, and then its place across comes
	 * out right whatever that is. A ruler's distance is right whatever the focal length is, and
	 * the place across not. */
	*(by_ruler(s.profile) ? &s.focal_across : &s.focal_along) = camera->focal_sigma;
	head_pose_fit(camera, s.profile, face, width, height, head);
	if (head->valid) {
		memcpy(s.eye_camera, head->translation, sizeof s.eye_camera);
		camera_to_world(camera, s.eye_camera, s.eye);
		s.depth_sigma = hypot(fit_distance, fit_distance_mm * head->misfit_mm);
		measure_distance(&s);
		measure_place(&s);
		measure_head(&s, head);
		if (s.profile != NULL)
			measure_change(&s);
		measure_estimates(&s);
		measure_monitor(&s);
	} else {
		measure_head_without_face(&s, pose);
	}
	measure_shoulders(&s, pose, width, height);
}
