#include "window/preview.h"

#include <math.h>

/* Colours that part from skin and from a room, and from each other for every kind of colour vision
 * (Okabe & Ito 2008); shapes say the same. */
static const double mesh_colour[3] = {0.34, 0.71, 0.91}, body_colour[3] = {0.94, 0.89, 0.26};
static const double horizon_colour[3] = {0.80, 0.47, 0.65}, limit_colour[3] = {0.90, 0.62, 0.0};
static const double upright_colour[3] = {0.0, 0.80, 0.55};

/* Everything is in pixels of the frame; the cairo context mirrors and scales. */
static void set_colour(cairo_t *cr, const double colour[3], double width)
{
	cairo_set_source_rgb(cr, colour[0], colour[1], colour[2]);
	cairo_set_line_width(cr, width);
}

static void draw_mesh(cairo_t *cr, const struct sample *s, double dot)
{
	set_colour(cr, mesh_colour, 1);
	for (int i = 0; i < FACE_POINTS; i++)
		cairo_rectangle(cr, (double)s->face.points[i].x * s->width - dot / 2,
				(double)s->face.points[i].y * s->height - dot / 2, dot, dot);
	cairo_fill(cr);
}

static void draw_body(cairo_t *cr, const struct sample *s, double line)
{
	static const int bones[][2] = {
		{POSE_LEFT_SHOULDER, POSE_RIGHT_SHOULDER}, {POSE_LEFT_SHOULDER, POSE_LEFT_ELBOW},
		{POSE_RIGHT_SHOULDER, POSE_RIGHT_ELBOW}, {POSE_LEFT_SHOULDER, POSE_LEFT_HIP},
		{POSE_RIGHT_SHOULDER, POSE_RIGHT_HIP},
	};
	set_colour(cr, body_colour, line);
	for (size_t i = 0; i < sizeof bones / sizeof *bones; i++) {
		const struct pose_landmark *a = &s->pose.landmarks[bones[i][0]];
		const struct pose_landmark *b = &s->pose.landmarks[bones[i][1]];
		cairo_move_to(cr, (double)a->x * s->width, (double)a->y * s->height);
		cairo_line_to(cr, (double)b->x * s->width, (double)b->y * s->height);
	}
	cairo_stroke(cr);
}

/* Where the face points: from the point between the eyes, 6 cm out. */
static void draw_gaze(cairo_t *cr, const struct camera *camera, const struct sample *s, double line)
{
	const double length = 60;
	double tip[3], from[2], to[2];
	for (int i = 0; i < 3; i++)
		tip[i] = s->head.translation[i] + length * s->head.rotation[i][2];
	if (!s->head.valid || !camera_project(camera, s->head.translation, from) ||
	    !camera_project(camera, tip, to))
		return;
	set_colour(cr, mesh_colour, 1.5 * line);
	cairo_move_to(cr, from[0], from[1]);
	cairo_line_to(cr, to[0], to[1]);
	cairo_stroke(cr);
}

/* Where rays at the camera's own height leave the picture: y of a level ray is cy - f tan(tilt). */
static void draw_horizon(cairo_t *cr, const struct camera *camera, const struct sample *s,
                         double line)
{
	const double radians = M_PI / 180;
	const double middle = camera->cy - camera->fy * tan(camera->tilt_deg * radians);
	const double slope = tan(camera->roll_deg * radians);
	const double dash[] = {6 * line, 4 * line};
	cairo_save(cr);
	set_colour(cr, horizon_colour, line);
	cairo_set_dash(cr, dash, 2, 0);
	cairo_move_to(cr, 0, middle - slope * camera->cx);
	cairo_line_to(cr, s->width, middle + slope * (s->width - camera->cx));
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void add_world(cairo_t *cr, const struct camera *camera, const double world[3])
{
	double p[3], pixel[2];
	camera_from_world(camera, world, p);
	if (camera_project(camera, p, pixel))
		cairo_line_to(cr, pixel[0], pixel[1]);
}

/* Where the eyes are while sitting upright (a cross), and around it the room that they have, by the
 * limits. */
static void draw_place(cairo_t *cr, const struct camera *camera, const struct profile *p,
		       const struct posture_config *limits, double line)
{
	const double cross = 12, side = 10 * limits->lean_side_cm;
	const double low = -10 * limits->slouch_drop_cm, high = 10 * limits->raised_cm;
	const double *eye = p->eye_world_mm;
	/* Aside and up, mm. */
	const double corners[4][2] = {{-side, low}, {side, low}, {side, high}, {-side, high}};
	const double arms[4][2] = {{-cross, 0}, {cross, 0}, {0, -cross}, {0, cross}};
	set_colour(cr, limit_colour, line);
	cairo_new_path(cr);
	for (int i = 0; i < 4; i++)
		add_world(cr, camera,
		          (double[]){eye[0] + corners[i][0], eye[1], eye[2] + corners[i][1]});
	cairo_close_path(cr);
	cairo_stroke(cr);
	set_colour(cr, upright_colour, 2 * line);
	for (int i = 0; i < 4; i++) {
		if (i % 2 == 0)
			cairo_new_sub_path(cr);
		add_world(cr, camera, (double[]){eye[0] + arms[i][0], eye[1], eye[2] + arms[i][1]});
	}
	cairo_stroke(cr);
}

void preview_draw(cairo_t *cr, double width, double height, const struct sample *s,
                  const struct camera *camera,
                  const struct profile *profile, const struct posture_config *limits)
{
	const double line = s->width / 320.0;
	cairo_save(cr);
	cairo_translate(cr, width, 0);
	cairo_scale(cr, -width / s->width, height / s->height);
	draw_horizon(cr, camera, s, line);
	if (profile->valid)
		draw_place(cr, camera, profile, limits, line);
	if (s->pose.found)
		draw_body(cr, s, 1.5 * line);
	if (s->face.found)
		draw_mesh(cr, s, line);
	draw_gaze(cr, camera, s, line);
	cairo_restore(cr);
}
