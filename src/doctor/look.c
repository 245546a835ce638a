/* One short look, for light and the size of the face. The picture stays in memory. */
#include "doctor/doctor.h"

#include "config/config.h"
#include "control/control.h"
#include "sample/sample.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LEND_S = 15 };
static const double look_s = 2, exposure_s = 1; /* until a camera's exposure has settled */

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

__attribute__((format(printf, 3, 4)))
static void not_seen(struct doctor_facts *d, enum doctor_unseen why, const char *what, ...)
{
	va_list args;
	va_start(args, what);
	d->unseen = why;
	vsnprintf(d->not_looked, sizeof d->not_looked, what, args);
	va_end(args);
}

/* Brightness over the box of the face's points. */
static double face_brightness(const struct frame *frame, const struct face_result *face)
{
	enum { GRID = 24 };
	float left = 1, right = 0, top = 1, bottom = 0, rgb[3];
	double sum = 0;
	for (int i = 0; i < FACE_POINTS; i++) {
		left = fminf(left, face->points[i].x);
		right = fmaxf(right, face->points[i].x);
		top = fminf(top, face->points[i].y);
		bottom = fmaxf(bottom, face->points[i].y);
	}
	left = fmaxf(left, 0), top = fmaxf(top, 0);
	for (int i = 0; i < GRID * GRID; i++) {
		const float x = left + (right - left) * (float)(i % GRID) / GRID;
		const float y = top + (bottom - top) * (float)(i / GRID) / GRID;
		const int px = (int)(x * (float)frame->width), py = (int)(y * (float)frame->height);
		if (px >= frame->width || py >= frame->height || px < 0 || py < 0)
			continue;
		frame_pixel(frame, px, py, rgb);
		sum += (rgb[0] + rgb[1] + rgb[2]) / 3;
	}
	return sum / (GRID * GRID);
}

static void understand(struct doctor_facts *d, struct sampler *s, const struct frame *frame)
{
	struct sample *seen = calloc(1, sizeof *seen);
	if (seen == NULL)
		return;
	sampler_run(s, frame, seen);
	d->looked = true;
	d->light = seen->light;
	d->face = seen->face.found;
	d->width = seen->width;
	if (d->face) {
		const struct face_point *l = &seen->face.points[FACE_LEFT_EYE_OUTER];
		const struct face_point *r = &seen->face.points[FACE_RIGHT_EYE_OUTER];
		d->eyes_px = hypot((double)(l->x - r->x) * seen->width,
		                   (double)(l->y - r->y) * seen->height);
		d->face_mean = face_brightness(sampler_frame(s), &seen->face);
	}
	free(seen);
}

static void look_through(struct doctor_facts *d, struct capture *c, struct sampler *s)
{
	struct error error = {0};
	struct frame frame;
	enum capture_status got = capture_start_lent(c, &error);
	const double begin = seconds_now();
	while (got == CAPTURE_FRAME && c->live && seconds_now() - begin < exposure_s)
		got = c->ops->read(c, look_s, &frame, &error);
	if (got == CAPTURE_FRAME)
		got = c->ops->read(c, look_s, &frame, &error);
	if (got == CAPTURE_FRAME)
		understand(d, s, &frame);
	else
		not_seen(d, DOCTOR_FAILED, "%.100s: %.150s", c->name,
		         *error.text ? error.text : capture_status_name(got));
	c->ops->stop(c);
}

/* Whether the camera is free, or the daemon's. Nobody's call is disturbed for a look. */
static bool is_free(struct doctor_facts *d)
{
	bool usable = false;
	for (int i = 0; i < d->camera_count; i++) {
		const struct doctor_camera *c = &d->cameras[i];
		usable |= c->device.usable;
		if (c->holder.pid == 0 || (d->daemon && strcmp(c->holder.program, "unknotd") == 0))
			continue;
		not_seen(d, DOCTOR_TAKEN, "%s (%d)", c->holder.program, c->holder.pid);
		return false;
	}
	if (!usable)
		not_seen(d, DOCTOR_NO_CAMERA, "%s", "");
	return usable;
}

static void look(struct doctor_facts *d, const char *source)
{
	struct error error;
	const struct sampler_config how = {
		.pose_model = NET_POSE_LITE,
		.camera = camera_from_hfov(640, 480, 65),
		.posture = posture_config_default(),
	};
	struct sampler *s = sampler_create(&how, &error);
	struct capture *c = s != NULL ? capture_open(source, 640, 480, &error) : NULL;
	if (c != NULL) {
		look_through(d, c, s);
		c->ops->free(c);
	} else {
		not_seen(d, DOCTOR_FAILED, "%.255s", error.text);
	}
	sampler_free(s);
}

void doctor_look(struct doctor_facts *d, const char *source)
{
	struct error error;
	struct config config = {0};
	char path[PATH_SIZE], named[512];
	if (source != NULL) {
		look(d, source);
		return;
	}
	if (!is_free(d))
		return;
	const bool configured = path_config_file(path, &error) &&
	                        config_load(&config, path, &error);
	snprintf(named, sizeof named, "v4l2%s%.400s", configured && *config.camera_device ? ":"
	                                                                                  : "",
	         configured ? config.camera_device : "");
	const bool lent = d->daemon &&
	                  control_call("ReleaseCamera", NULL, LEND_S, false, NULL, NULL);
	look(d, named);
	if (lent)
		control_call("ReleaseCamera", NULL, 0, false, NULL, NULL);
}
