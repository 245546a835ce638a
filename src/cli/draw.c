#include "cli/draw.h"

#include <math.h>
#include <stdio.h>

static const struct cv_colour mesh_colour = {120, 220, 200}, body_colour = {255, 200, 80},
                              horizon_colour = {150, 170, 255}, good_colour = {120, 230, 120},
                              bad_colour = {255, 120, 90}, text_colour = {240, 240, 240};
static const struct cv_colour axis_colours[3] = {{255, 90, 90}, {110, 230, 110}, {110, 150, 255}};

static bool project(const struct camera *c, const double p[3], float *x, float *y)
{
	if (p[2] < 1)
		return false;
	*x = (float)(c->cx + c->fx * p[0] / p[2]);
	*y = (float)(c->cy + c->fy * p[1] / p[2]);
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
static void draw_horizon(struct cv_image *image, const struct camera *camera, const struct sample *s)
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

static void draw_numbers(struct cv_image *image, const struct sample *s)
{
	static const struct {
		enum measure_id id;
		const char *label, *unit;
	} rows[] = {
		{MEASURE_EYE_DISTANCE, "eyes to camera", "cm"}, {MEASURE_EYE_HEIGHT, "eyes over camera", "cm"},
		{MEASURE_EYE_DROP, "eye drop", "cm"}, {MEASURE_LEAN_IN, "lean in", "cm"},
		{MEASURE_HEAD_PITCH, "head pitch", "deg"}, {MEASURE_HEAD_YAW, "head yaw", "deg"},
		{MEASURE_HEAD_ROLL, "head roll", "deg"}, {MEASURE_SHOULDER_TILT, "shoulder tilt", "deg"},
		{MEASURE_MONITOR_TOP_OFFSET, "screen top", "cm"},
	};
	const float size = fmaxf(8, (float)s->height / 48), step = size * 1.7f;
	float y = step;
	int shown = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		shown += s->measures.m[rows[i].id].valid;
	cv_draw_shade(image, 0, 0, (int)(size * 26), (int)(step * ((float)shown + 0.6f)), 0.55f);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct measure *m = &s->measures.m[rows[i].id];
		char line[96];
		if (!m->valid)
			continue;
		/* The letters are not of one width: the numbers get a column of their own. */
		cv_draw_text(image, size * 0.6f, y, size, text_colour, rows[i].label);
		snprintf(line, sizeof line, "%.1f +- %.1f %s", m->value, m->sigma, rows[i].unit);
		cv_draw_text(image, size * 13, y, size, text_colour, line);
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
	         s->presence == PRESENCE_PRESENT ? posture_name(s->verdict.label)
	                                         : presence_name(s->presence), s->verdict.confidence);
	cv_draw_text(image, size * 0.6f, y, size, good ? good_colour : bad_colour, line);
	for (int i = 0; i < s->verdict.reason_count; i++) {
		y += step;
		cv_draw_text(image, size * 0.6f, y, size * 0.8f, text_colour, s->verdict.reasons[i]);
	}
}

void draw_sample(struct cv_image *image, const struct camera *camera, const struct sample *s)
{
	draw_horizon(image, camera, s);
	if (s->pose.found)
		draw_body(image, s);
	if (s->face.found)
		draw_mesh(image, s);
	draw_axes(image, camera, s);
	draw_numbers(image, s);
	draw_verdict(image, s);
}
