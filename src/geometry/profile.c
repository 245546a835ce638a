#include "geometry/profile.h"

#include "base/text.h"

#include "geometry/linalg.h"
#include "geometry/shape.h"

#include <string.h>

/* Shoulders lie about this far behind the eyes of a person who sits upright (acromion against eye,
 * rendered and anthropometric bodies alike: 12-17 cm). */
static const double shoulder_behind_mm = 150;

/* The mesh seen along its rays at the depths that the network's own z tells, in the head frame of
 * the mean-face fit: the person's own shape up to scale. Returns how far its eyes are from the
 * camera, mm. */
static double own_shape(const struct camera *camera, const struct calibration_view *v,
                      const struct head_pose *head, double sum[FACE_POINTS][3])
{
	static const int corners[] = {FACE_RIGHT_EYE_OUTER, FACE_RIGHT_EYE_INNER,
	                              FACE_LEFT_EYE_INNER, FACE_LEFT_EYE_OUTER};
	double from_eyes[3], eye_z = 0, corners_at[2] = {0};
	apply3(head->rotation, shape_corners_mm, from_eyes);
	const double depth = head->translation[2] + from_eyes[2];
	for (int i = 0; i < 4; i++)
		eye_z += (double)v->face->points[corners[i]].z / 4;
	for (int i = 0; i < FACE_POINTS; i++) {
		const struct face_point *p = &v->face->points[i];
		const double z = depth + ((double)p->z - eye_z) * v->width * depth / camera->fx;
		double ray[2];
		camera_ray(camera, (double)p->x * v->width, (double)p->y * v->height, ray);
		const double d[3] = {ray[0] * z - head->translation[0],
		                     ray[1] * z - head->translation[1],
		                     z - head->translation[2]};
		/* The inverse of a rotation is its transpose. */
		for (int k = 0; k < 3; k++)
			sum[i][k] += head->rotation[0][k] * d[0] + head->rotation[1][k] * d[1] +
			             head->rotation[2][k] * d[2];
	}
	for (int i = 0; i < 4; i++) {
		const struct face_point *p = &v->face->points[corners[i]];
		const double z = depth + ((double)p->z - eye_z) * v->width * depth / camera->fx;
		double ray[2];
		camera_ray(camera, (double)p->x * v->width, (double)p->y * v->height, ray);
		corners_at[0] += ray[0] * z / 4;
		corners_at[1] += ray[1] * z / 4;
	}
	return length3((double[]){corners_at[0] - from_eyes[0], corners_at[1] - from_eyes[1],
	                          depth - from_eyes[2]});
}

/* Sets the shape so that its eye corners lie where they are seen from the eyes. */
static void set_shape(struct profile *p, double sum[FACE_POINTS][3], int count, double scale)
{
	static const int corners[] = {FACE_RIGHT_EYE_OUTER, FACE_RIGHT_EYE_INNER,
	                              FACE_LEFT_EYE_INNER, FACE_LEFT_EYE_OUTER};
	double origin[3] = {0};
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 3; k++)
			origin[k] += sum[corners[i]][k] / 4;
	for (int i = 0; i < FACE_POINTS; i++)
		for (int k = 0; k < 3; k++)
			p->shape[i][k] = (float)((sum[i][k] - origin[k]) * scale / count +
			                         shape_corners_mm[k]);
}

static double shoulder_width(const struct camera *camera, const struct calibration_view *v,
                             const double eye_camera[3])
{
	struct shoulders s;
	if (!shoulders_locate(camera, v->pose, v->width, v->height, 1, &s))
		return 0;
	return s.ray_width * (eye_camera[2] + shoulder_behind_mm);
}

enum measure_id measure_baseline(enum measure_id id)
{
	static const enum measure_id changes[MEASURE_COUNT] = {
		[MEASURE_EYE_DROP] = MEASURE_EYE_HEIGHT,
		[MEASURE_LEAN_IN] = MEASURE_SCREEN_DISTANCE,
		[MEASURE_LEAN_SIDE] = MEASURE_EYE_SIDE,
		[MEASURE_HEAD_PITCH_CHANGE] = MEASURE_HEAD_PITCH,
		[MEASURE_HEAD_YAW_CHANGE] = MEASURE_HEAD_YAW,
		[MEASURE_HEAD_ROLL_CHANGE] = MEASURE_HEAD_ROLL,
	};
	return changes[id] != 0 ? changes[id] : id;
}

/* Upright is what changes and the estimates made of them are against: they have no value there. */
static bool is_relative(enum measure_id id)
{
	return measure_baseline(id) != id || id == MEASURE_SHOULDER_DROP ||
	       id == MEASURE_SHOULDER_SIDE ||
	       id == MEASURE_NECK_FLEXION || id == MEASURE_TRUNK_FLEXION || id == MEASURE_CVA;
}

/* Upright values are the median over the views. */
static void set_upright(struct profile *p, const struct measures *all,
                        const double (*eyes)[3], int count)
{
	double values[64];
	for (int m = 0; m < MEASURE_COUNT; m++) {
		int n = 0;
		double sigma = 0;
		for (int i = 0; i < count; i++)
			if (all[i].m[m].valid) {
				values[n++] = all[i].m[m].value;
				sigma = all[i].m[m].sigma;
			}
		if (n > 0 && !is_relative((enum measure_id)m))
			p->upright.m[m] = (struct measure){median_of(values, n), sigma, true};
	}
	for (int k = 0; k < 3; k++) {
		for (int i = 0; i < count; i++)
			values[i] = eyes[i][k];
		p->eye_world_mm[k] = median_of(values, count);
	}
}

enum { VIEWS_MAX = 64 };

static bool views_agree(const double (*eyes)[3], int count, struct error *error)
{
	/* Half a minute of sitting still moves the eyes by about a centimetre. */
	const double limit_mm = 40;
	for (int i = 1; i < count; i++) {
		double d[3];
		for (int k = 0; k < 3; k++)
			d[k] = eyes[i][k] - eyes[0][k];
		if (length3(d) > limit_mm)
			return error_set(error, 0, "calibration: you moved by %.0f cm between "
			                 "pictures; sit upright, keep still and try again",
			                 length3(d) / 10);
	}
	return true;
}

static void set_pose_head(struct profile *p, const struct calibration_view *views, int count)
{
	double pitch[VIEWS_MAX], yaw[VIEWS_MAX];
	int seen = 0;
	for (int i = 0; i < count; i++)
		seen += pose_head_angles(views[i].pose, &pitch[seen], &yaw[seen]);
	p->pose_head_valid = seen > 0;
	if (seen == 0)
		return;
	p->pose_pitch_deg = median_of(pitch, seen);
	p->pose_yaw_deg = median_of(yaw, seen);
}

/* The median over the views that show them. */
static void set_shoulders(struct profile *p, const struct calibration_view *views, int count)
{
	double middles[3][VIEWS_MAX];
	int seen = 0;
	for (int i = 0; i < count; i++) {
		const struct calibration_view *v = &views[i];
		struct camera camera = camera_scaled(&p->camera, v->width, v->height);
		struct shoulders s;
		if (!shoulders_locate(&camera, v->pose, v->width, v->height,
		                      p->shoulder_width_mm, &s))
			continue;
		for (int k = 0; k < 3; k++)
			middles[k][seen] = s.middle[k];
		seen++;
	}
	p->shoulders_valid = seen > 0;
	for (int k = 0; k < 3 && seen > 0; k++)
		p->shoulder_world_mm[k] = median_of(middles[k], seen);
}

/* Measures with the new shape; the second half of profile_make. */
static bool measure_upright(struct profile *p, const struct calibration_view *views, int count,
                            struct error *error)
{
	struct measures all[VIEWS_MAX];
	double eyes[VIEWS_MAX][3], widths[VIEWS_MAX];
	int seen = 0;
	for (int i = 0; i < count; i++) {
		const struct calibration_view *v = &views[i];
		struct camera camera = camera_scaled(&p->camera, v->width, v->height);
		struct head_pose head;
		measures_from_landmarks(&camera, p, v->pose, v->face, v->width,
		                        v->height, &all[i], &head);
		if (!head.valid)
			return error_set(error, 0,
			                 "calibration: a face could not be fitted; look straight "
			                 "ahead and try again");
		camera_to_world(&camera, head.translation, eyes[i]);
		widths[seen] = shoulder_width(&camera, v, head.translation);
		seen += widths[seen] > 0;
	}
	if (!views_agree((const double(*)[3])eyes, count, error))
		return false;
	set_upright(p, all, (const double(*)[3])eyes, count);
	set_pose_head(p, views, count);
	if (seen == 0)
		return true;
	p->shoulder_width_mm = median_of(widths, seen);
	p->shoulder_width_sigma = 0.05 * p->shoulder_width_mm;
	set_shoulders(p, views, count);
	return true;
}

double profile_baseline(const struct profile *p, enum measure_id id)
{
	const enum measure_id of = measure_baseline(id);
	if (p == NULL || !p->valid || !p->upright.m[of].valid)
		return (double)NAN;
	return p->upright.m[of].value;
}

double profile_screen_deg(double upright_yaw_deg)
{
	/* A camera 10 cm beside the middle of what is looked at, from 60. Nine rendered people
	 * before their screens are within 3 deg; from 25 cm beside it, at 22.6 deg, a tenth is seen
	 * at 20.3. */
	const double aside_least_deg = 10;
	return fabs(upright_yaw_deg) < aside_least_deg ? 0 : upright_yaw_deg;
}

bool face_is_cut(const struct face_result *face)
{
	/* A hair's breadth of cheek or chin outside is where the network puts it by itself. */
	enum { OUTSIDE_MOST = FACE_POINTS / 50 };
	int outside = 0;
	for (int i = 0; i < FACE_POINTS; i++) {
		const struct face_point *p = &face->points[i];
		outside += p->x < 0 || p->x > 1 || p->y < 0 || p->y > 1;
	}
	return outside > OUTSIDE_MOST;
}

/* A face turned from the camera by more hides one cheek. A screen beside the camera turns it by
 * some 20. */
static const double turned_most_deg = 30;

/* What is wrong with the face of picture `number`, counted from 1. */
static bool face_serves(const struct camera *camera, const struct calibration_view *v, int number,
                        struct head_pose *head, struct error *error)
{
	if (!v->face->found)
		return error_set(error, 0, "calibration: no face in picture %d; more light from "
		                 "the front, face the camera", number);
	if (face_is_cut(v->face))
		return error_set(error, 0, "calibration: the face in picture %d is cut by the "
		                 "picture's edge; turn the camera to you or sit farther back",
		                 number);
	head_pose_fit(camera, NULL, v->face, v->width, v->height, head);
	if (!head->valid)
		return error_set(error, 0,
		                 "calibration: the face in picture %d could not be fitted",
		                 number);
	const double yaw = atan2(head->rotation[0][2], -head->rotation[2][2]) * 180 / M_PI;
	if (fabs(yaw) > turned_most_deg)
		return error_set(error, 0, "calibration: the head in picture %d is turned by "
		                 "%.0f deg; look straight ahead at the screen", number, fabs(yaw));
	return true;
}

/* Adult heads' sizes differ by 6 % (interpupillary distance 63.4 +- 3.8 mm, Dodgson 2004). */
static const double head_sigma = 0.06;

/* distance_cm 0: not known, the face is as large as most. */
static bool make(struct profile *profile, const struct camera *camera,
                 const struct calibration_view *views,
                 int count, double distance_cm, double scale_sigma, struct error *error)
{
	double sum[FACE_POINTS][3] = {{0}}, distances[VIEWS_MAX];
	memset(profile, 0, sizeof *profile);
	profile->camera = *camera;
	if (count > VIEWS_MAX)
		count = VIEWS_MAX;
	if (count < 1)
		return error_set(error, 0, "calibration: no picture");
	for (int i = 0; i < count; i++) {
		const struct calibration_view *v = &views[i];
		struct camera scaled = camera_scaled(camera, v->width, v->height);
		struct head_pose head;
		if (!face_serves(&scaled, v, i + 1, &head, error))
			return false;
		distances[i] = own_shape(&scaled, v, &head, sum);
	}
	double scale = 1;
	if (distance_cm > 0)
		scale = distance_cm * 10 / median_of(distances, count);
	set_shape(profile, sum, count, scale);
	profile->scale_sigma = scale_sigma;
	profile->samples = count;
	profile->valid = true;
	if (measure_upright(profile, views, count, error))
		return true;
	profile->valid = false;
	return false;
}

bool profile_make(struct profile *profile, const struct camera *camera,
                  const struct calibration_view *views,
                  int count, double distance_cm, struct error *error)
{
	/* A ruler before a face is read to half a centimetre, of 65. */
	return make(profile, camera, views, count, distance_cm,
	            distance_cm > 0 ? 0.0075 : head_sigma, error);
}

/* Eyes to camera when the fingertips touch it, the arm is straight and the back leans on the
 * backrest. Shoulder to fingertip is 72 +- 5.5 cm: shoulder-grip length 66.5 and 60 +- 3 (British
 * men and women), 62 and 56 (Hong Kong; Chan, City University of Hong Kong, online anthropometry,
 * 25) and 60 % of the hand's length (there, 34-36), which is 19 and 17.6 (Ibeachu 2011). The
 * shoulder is taken as 20 below the eyes, which leaves 69, and as below the ear, the eyes 8 before
 * that (half of head length 19, 2 behind the brow: there, 26). */
static const double arm_cm = 61, arm_sigma = 0.1;

bool profile_make_at_arm(struct profile *profile, struct camera *camera,
                         const struct calibration_view *views, int count, struct error *error)
{
	if (!profile_make(profile, camera, views, count, 0, error))
		return false;
	/* What was measured depends on the head's size and the focal length alike: the arm corrects
	 * both by how unsure each is. What is left of their sigmas is told for each alone; of
	 * distance it is a little too much. */
	const double measured = profile->upright.m[MEASURE_EYE_DISTANCE].value;
	const double head = head_sigma * head_sigma,
	             focal = camera->focal_sigma * camera->focal_sigma;
	const double all = head + focal + arm_sigma * arm_sigma, off = log(arm_cm / measured);
	const double stretch = exp(focal / all * off);
	camera->fx *= stretch;
	camera->fy *= stretch;
	camera->focal_sigma *= sqrt(1 - focal / all);
	return make(profile, camera, views, count, measured * exp((head + focal) / all * off),
	            head_sigma * sqrt(1 - head / all), error);
}
