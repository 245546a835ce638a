#include "cli/draw.h"

#include "base/text.h"
#include "cli/words.h"

#include <math.h>
#include <stdio.h>

static const struct cv_colour mesh_colour = {120, 220, 200}, body_colour = {255, 200, 80},
                              horizon_colour = {150, 170, 255}, good_colour = {120, 230, 120},
                              bad_colour = {255, 120, 90}, limit_colour = {255, 190, 110},
                              text_colour = {240, 240, 240};
static const struct cv_colour axis_colours[3] = {{255, 90, 90}, {110, 230, 110}, {110, 150, 255}};

static bool project(const struct camera *c, const double p[3], float *x, float *y)
{
	double pixel[2];
	if (!camera_project(c, p, pixel))
		return false;
	*x = (float)pixel[0];
	*y = (float)pixel[1];
	return true;
}

static void draw_mesh(struct cv_image *image, const struct sample *s)
{
	for (int i = 0; i < FACE_POINTS; i++)
		cv_draw_dot(image, s->face.points[i].x * (float)s->width,
		            s->face.points[i].y * (float)s->height, 0.8f, mesh_colour);
}

static void draw_body(struct cv_image *image, const struct sample *s)
{
	static const int bones[][2] = {
		{POSE_LEFT_SHOULDER, POSE_RIGHT_SHOULDER}, {POSE_LEFT_SHOULDER, POSE_LEFT_ELBOW},
		{POSE_RIGHT_SHOULDER, POSE_RIGHT_ELBOW}, {POSE_LEFT_SHOULDER, POSE_LEFT_HIP},
		{POSE_RIGHT_SHOULDER, POSE_RIGHT_HIP}, {POSE_MOUTH_LEFT, POSE_MOUTH_RIGHT},
	};
	const float w = (float)s->width, h = (float)s->height;
	for (size_t i = 0; i < sizeof bones / sizeof *bones; i++) {
		const struct pose_landmark *a = &s->pose.landmarks[bones[i][0]];
		const struct pose_landmark *b = &s->pose.landmarks[bones[i][1]];
		cv_draw_line(image, a->x * w, a->y * h, b->x * w, b->y * h, body_colour, 2);
		cv_draw_dot(image, a->x * w, a->y * h, 3, body_colour);
		cv_draw_dot(image, b->x * w, b->y * h, 3, body_colour);
	}
}

/* The head's own axes from the eye mid-point, 60 mm long: left, up, out of the face. */
static void draw_axes(struct cv_image *image, const struct camera *camera, const struct sample *s)
{
	const double length = 60;
	float x0, y0, x1, y1;
	if (!s->head.valid || !project(camera, s->head.translation, &x0, &y0))
		return;
	for (int axis = 0; axis < 3; axis++) {
		double tip[3];
		for (int i = 0; i < 3; i++)
			tip[i] = s->head.translation[i] + length * s->head.rotation[i][axis];
		if (project(camera, tip, &x1, &y1))
			cv_draw_line(image, x0, y0, x1, y1, axis_colours[axis], 2);
	}
}

/* Where rays at the camera's own height leave the picture: y of a level ray is cy - f tan(tilt). */
static void draw_horizon(struct cv_image *image, const struct camera *camera,
                         const struct sample *s)
{
	const double radians = M_PI / 180;
	double middle = camera->cy - camera->fy * tan(camera->tilt_deg * radians);
	double slope = tan(camera->roll_deg * radians);
	double left = middle - slope * camera->cx, right = middle + slope * (s->width - camera->cx);
	const int dashes = 40;
	for (int i = 0; i < dashes; i += 2) {
		double a = (double)i / dashes, b = (double)(i + 1) / dashes;
		cv_draw_line(image, (float)(a * s->width), (float)(left + (right - left) * a),
		             (float)(b * s->width), (float)(left + (right - left) * b),
		             horizon_colour, 1);
	}
}

static void draw_world_line(struct cv_image *image, const struct camera *camera, const double a[3],
                            const double b[3], struct cv_colour colour)
{
	double from[3], to[3];
	float x0, y0, x1, y1;
	camera_from_world(camera, a, from);
	camera_from_world(camera, b, to);
	if (project(camera, from, &x0, &y0) && project(camera, to, &x1, &y1))
		cv_draw_line(image, x0, y0, x1, y1, colour, 1);
}

/* Where the eyes are while sitting upright (a cross), and around it the window that they may move
 * in: as low and as high, and as far aside, as the limits say. */
static void draw_limits(struct cv_image *image, const struct camera *camera,
                        const struct profile *p, const struct posture_config *limits)
{
	const double cross = 12, side = 10 * limits->lean_side_cm;
	const double low = -10 * limits->slouch_drop_cm, high = 10 * limits->raised_cm;
	const double *eye = p->eye_world_mm;
	/* Corners in turn, sideways and up from the eyes, mm. */
	const double corners[4][2] = {{-side, low}, {side, low}, {side, high}, {-side, high}};
	if (!p->valid)
		return;
	for (int i = 0; i < 4; i++) {
		const double *a = corners[i], *b = corners[(i + 1) % 4];
		draw_world_line(image, camera, (double[]){eye[0] + a[0], eye[1], eye[2] + a[1]},
		                (double[]){eye[0] + b[0], eye[1], eye[2] + b[1]}, limit_colour);
	}
	draw_world_line(image, camera, (double[]){eye[0] - cross, eye[1], eye[2]},
	                (double[]){eye[0] + cross, eye[1], eye[2]}, good_colour);
	draw_world_line(image, camera, (double[]){eye[0], eye[1], eye[2] - cross},
	                (double[]){eye[0], eye[1], eye[2] + cross}, good_colour);
}

/* The limit of a measure; 0 where it has none by itself. */
static double limit_of(const struct posture_config *c, enum measure_id id)
{
	switch (id) {
	case MEASURE_EYE_DROP: return c->slouch_drop_cm;
	case MEASURE_LEAN_IN: return c->forward_head_cm;
	case MEASURE_LEAN_SIDE: return c->lean_side_cm;
	case MEASURE_HEAD_PITCH_CHANGE: return c->looking_down_deg;
	case MEASURE_HEAD_YAW: return c->yaw_deg;
	case MEASURE_HEAD_ROLL: return c->head_roll_deg;
	case MEASURE_SHOULDER_TILT: return c->shoulder_tilt_deg;
	default: return 0;
	}
}

static bool has_two_sides(enum measure_id id)
{
	return id == MEASURE_LEAN_SIDE || id == MEASURE_HEAD_YAW || id == MEASURE_HEAD_ROLL ||
	       id == MEASURE_SHOULDER_TILT;
}

static void draw_numbers(struct cv_image *image, const struct sample *s,
                         const struct posture_config *limits)
{
	static const struct {
		enum measure_id id;
		const char *label, *unit;
	} rows[] = {
		{MEASURE_EYE_DISTANCE, N_("eyes to camera"), "cm"},
		{MEASURE_EYE_HEIGHT, N_("eyes over camera"), "cm"},
		{MEASURE_EYE_DROP, N_("eye drop"), "cm"},
		{MEASURE_LEAN_IN, N_("lean in"), "cm"}, {MEASURE_LEAN_SIDE, N_("lean aside"), "cm"},
		{MEASURE_HEAD_PITCH, N_("head pitch"), N_("deg")},
		{MEASURE_HEAD_PITCH_CHANGE, N_("pitch change"), N_("deg")},
		{MEASURE_HEAD_YAW, N_("head yaw"), N_("deg")},
		{MEASURE_HEAD_ROLL, N_("head roll"), N_("deg")},
		{MEASURE_SHOULDER_TILT, N_("shoulder tilt"), N_("deg")},
		{MEASURE_MONITOR_TOP_OFFSET, N_("screen top"), "cm"},
	};
	const float size = fmaxf(8, (float)s->height / 48), step = size * 1.7f,
	            margin = size * 0.6f;
	float y = step, labels = 0;
	int shown = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		shown += s->measures.m[rows[i].id].valid;
		labels = fmaxf(labels, cv_text_width(size, _(rows[i].label)));
	}
	/* The letters are not of one width: each column is as wide as its widest. */
	const float numbers = 2 * margin + labels;
	const float ends = numbers + cv_text_width(size, "-88.8 +- 88.8 deg") + margin;
	cv_draw_shade(image, 0, 0, (int)(ends + cv_text_width(size, "/ 88.8") + margin),
	              (int)(step * ((float)shown + 0.6f)), 0.55f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct measure *m = &s->measures.m[rows[i].id];
		char line[96];
		if (!m->valid)
			continue;
		cv_draw_text(image, margin, y, size, text_colour, _(rows[i].label));
		const double limit = limit_of(limits, rows[i].id);
		const double past = has_two_sides(rows[i].id) ? fabs(m->value) : m->value;
		snprintf(line, sizeof line, "%.1f +- %.1f %s", m->value, m->sigma, _(rows[i].unit));
		cv_draw_text(image, numbers, y, size,
		             limit > 0 && past > limit ? bad_colour : text_colour, line);
		snprintf(line, sizeof line, "/ %g", limit);
		if (limit > 0)
			cv_draw_text(image, ends, y, size, limit_colour, line);
		y += step;
	}
}

static void draw_verdict(struct cv_image *image, const struct sample *s)
{
	const float size = fmaxf(10, (float)s->height / 34), step = size * 1.7f;
	const int lines = 1 + s->verdict.reason_count;
	float y = (float)s->height - step * (float)lines + step * 0.6f;
	bool good = s->verdict.label == POSTURE_UPRIGHT || s->verdict.label == POSTURE_UNKNOWN;
	char line[160];
	cv_draw_shade(image, 0, (int)(y - step), s->width, s->height, 0.55f);
	snprintf(line, sizeof line, "%s  %.2f",
	         words_of_state(s->presence == PRESENCE_PRESENT ? posture_name(s->verdict.label)
	                                                        : presence_name(s->presence)),
	         s->verdict.confidence);
	cv_draw_text(image, size * 0.6f, y, size, good ? good_colour : bad_colour, line);
	for (int i = 0; i < s->verdict.reason_count; i++) {
		y += step;
		words_in(_(s->verdict.reasons[i]), line, sizeof line);
		cv_draw_text(image, size * 0.6f, y, size * 0.8f, text_colour, line);
	}
}

void draw_sample(struct cv_image *image, const struct sampler *sampler, const struct sample *s)
{
	const struct camera scaled = sampler_frame_camera(sampler, s);
	const struct camera *camera = &scaled;
	draw_horizon(image, camera, s);
	draw_limits(image, camera, sampler_profile(sampler), sampler_posture(sampler));
	if (s->pose.found)
		draw_body(image, s);
	if (s->face.found)
		draw_mesh(image, s);
	draw_axes(image, camera, s);
	draw_numbers(image, s, sampler_posture(sampler));
	draw_verdict(image, s);
}
