#include "geometry/camera.h"

#include "base/text.h"
#include "geometry/linalg.h"

#include <math.h>
#include <string.h>

static double radians(double degrees)
{
	return degrees * M_PI / 180;
}

struct camera camera_from_hfov(int width, int height, double hfov_deg)
{
	/* Held on its side a camera sees as much of the world, along the picture's longer side. */
	double f = (width > height ? width : height) / 2.0 / tan(radians(hfov_deg) / 2);
	return (struct camera){
		.width = width,
		.height = height,
		.fx = f,
		.fy = f,
		.cx = width / 2.0,
		.cy = height / 2.0,
		.focal_sigma = 0.01,
		.tilt_sigma_deg = 8,
		.screen_top_cm = -1,
		.screen_top_sigma_cm = 1,
	};
}

/* The sensors of webcams are 16:9: narrower modes keep the height and lose the sides, as was
 * measured on a C920 (cameras.inc), wider ones lose the height. What the whole sensor's short side
 * is, in a mode's pixels. */
static double sensor_side(int width, int height)
{
	const double longer = width > height ? width : height,
	             shorter = width > height ? height : width;
	return fmax(shorter, longer * 9 / 16);
}

struct camera camera_unknown(int width, int height)
{
	/* Of the 43 cameras of cameras.inc half have 46 to 58 deg at 4:3, those sold today more
	 * than those of 2010; a MacBook's has 51 (Android's emulated camera, change 4211948). Two
	 * sigma about 60 reach from 48 to 77. */
	const double hfov_deg = 60, sigma = 0.14;
	const struct camera sensor = camera_from_hfov(640, 480, hfov_deg);
	struct camera c = camera_scaled(&sensor, width, height);
	c.focal_sigma = sigma;
	return c;
}

enum sensor { WIDE, TALL, UNTOLD };

/* Focal length in pixels of a picture from a sensor of that aspect which the diagonal is of. */
static double focal_of(double diagonal_deg, double aspect, int width, int height)
{
	const double longer = width > height ? width : height,
	             shorter = width > height ? height : width;
	const double side = fmax(shorter, longer / aspect);
	return side * hypot(aspect, 1) / 2 / tan(radians(diagonal_deg) / 2);
}

bool camera_known(const char *camera_id, int width, int height, struct camera *lens)
{
	static const struct {
		const char *part;
		double diagonal_deg;
		enum sensor sensor;
		double sigma;
	} known[] = {
#define CAMERA(part, diagonal, sensor, sigma, source) {part, diagonal, sensor, sigma},
#include "geometry/cameras.inc"
#undef CAMERA
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strstr(camera_id, known[i].part) == NULL)
			continue;
		const double wide = focal_of(known[i].diagonal_deg, 16.0 / 9, width, height);
		const double tall = focal_of(known[i].diagonal_deg, 4.0 / 3, width, height);
		const enum sensor s = known[i].sensor;
		*lens = camera_from_hfov(width, height, 60);
		lens->fx = lens->fy = s == WIDE ? wide : s == TALL ? tall : sqrt(wide * tall);
		lens->focal_sigma = hypot(known[i].sigma, s == UNTOLD ? log(tall / wide) / 2 : 0);
		return true;
	}
	return false;
}

struct camera camera_scaled(const struct camera *c, int width, int height)
{
	struct camera s = *c;
	if (c->width <= 0 || (width == c->width && height == c->height))
		return s;
	const double k = sensor_side(width, height) / sensor_side(c->width, c->height);
	/* Some sensors are 4:3 and lose the height at 16:9: that is a third. Chosen: as
	 * much as if one of 33 were so (log 4/3 = 0.29 in it). Of the 45 cameras in cameras.inc
	 * eight are, old ones, and those have rows of their own. */
	const double crop_sigma = 0.05;
	const double aspect = (double)width / height, before = (double)c->width / c->height;
	if (fabs(aspect / before - 1) > 0.02)
		s.focal_sigma = hypot(s.focal_sigma, crop_sigma);
	s.width = width;
	s.height = height;
	s.fx *= k;
	s.fy *= k;
	s.cx = width / 2.0 + k * (c->cx - c->width / 2.0);
	s.cy = height / 2.0 + k * (c->cy - c->height / 2.0);
	return s;
}

struct camera camera_turned(const struct camera *c, int quarters)
{
	struct camera t = *c;
	for (int i = ((quarters % 4) + 4) % 4; i > 0; i--) {
		/* (x, y) goes to (height - y, x). */
		const struct camera b = t;
		t.width = b.height;
		t.height = b.width;
		t.fx = b.fy;
		t.fy = b.fx;
		t.cx = b.height - b.cy;
		t.cy = b.cx;
		t.distortion[2] = b.distortion[3];
		t.distortion[3] = -b.distortion[2];
		t.turn = (b.turn + 1) % 4;
	}
	return t;
}

void camera_ray(const struct camera *c, double px, double py, double ray[2])
{
	/* OpenCV's model maps ray to pixel; a few fixed-point rounds turn it around (as
	 * undistortPoints does), enough for the mild lenses of webcams. */
	const double x0 = (px - c->cx) / c->fx, y0 = (py - c->cy) / c->fy;
	const double *d = c->distortion;
	double x = x0, y = y0;
	for (int i = 0; i < 5 && (d[0] != 0 || d[1] != 0 || d[2] != 0 || d[3] != 0 || d[4] != 0);
	     i++) {
		double r2 = x * x + y * y, radial = 1 + ((d[4] * r2 + d[1]) * r2 + d[0]) * r2;
		double dx = 2 * d[2] * x * y + d[3] * (r2 + 2 * x * x);
		double dy = d[2] * (r2 + 2 * y * y) + 2 * d[3] * x * y;
		if (!(fabs(radial) > 0.1))
			break;
		x = (x0 - dx) / radial;
		y = (y0 - dy) / radial;
	}
	ray[0] = x;
	ray[1] = y;
}

void camera_to_world(const struct camera *c, const double cam[3], double world[3])
{
	const double tilt = radians(c->tilt_deg), roll = radians(c->roll_deg);
	/* The picture's axes turned level first, then the optical axis raised to the horizontal. */
	const double x = cam[0] * cos(roll) - cam[1] * sin(roll);
	const double y = cam[0] * sin(roll) + cam[1] * cos(roll), z = cam[2];
	const double ahead = z * cos(tilt) - y * sin(tilt), pan = radians(c->pan_deg);
	world[0] = x * cos(pan) + ahead * sin(pan);
	world[1] = ahead * cos(pan) - x * sin(pan);
	world[2] = -z * sin(tilt) - y * cos(tilt);
}

void camera_from_world(const struct camera *c, const double world[3], double cam[3])
{
	const double tilt = radians(c->tilt_deg), roll = radians(c->roll_deg);
	const double pan = radians(c->pan_deg);
	const double x = world[0] * cos(pan) - world[1] * sin(pan);
	const double ahead = world[0] * sin(pan) + world[1] * cos(pan);
	const double y = -ahead * sin(tilt) - world[2] * cos(tilt);
	cam[0] = x * cos(roll) + y * sin(roll);
	cam[1] = -x * sin(roll) + y * cos(roll);
	cam[2] = ahead * cos(tilt) - world[2] * sin(tilt);
}

struct camera camera_moved(const struct camera *c, const double rotation[3][3], double sigma_deg)
{
	const double hinge_mm = 120;
	struct camera m = *c;
	double up[3], ahead[3], then[3], now[3], trace = 0;
	for (int i = 0; i < 3; i++)
		trace += rotation[i][i];
	camera_from_world(c, (const double[]){0, 0, 1}, then);
	apply3(rotation, then, up);
	m.tilt_deg = -asin(fmax(-1, fmin(1, up[2]))) / radians(1);
	m.roll_deg = atan2(-up[0], -up[1]) / radians(1);
	m.pan_deg = 0;
	camera_from_world(c, (const double[]){0, 1, 0}, then);
	apply3(rotation, then, ahead);
	camera_to_world(&m, ahead, now);
	/* What was ahead is now to the left of it by the pan. */
	const double pan = atan2(-now[0], now[1]) / radians(1);
	m.pan_deg = pan / 2;
	m.pan_sigma_deg = hypot(fabs(pan) / sqrt(12), sigma_deg);
	m.moved_sigma_deg = sigma_deg;
	m.moved_mm = hinge_mm * acos(fmax(-1, fmin(1, (trace - 1) / 2)));
	return m;
}

bool camera_project(const struct camera *c, const double cam[3], double pixel[2])
{
	if (!(cam[2] > 1))
		return false;
	const double x = cam[0] / cam[2], y = cam[1] / cam[2], r2 = x * x + y * y;
	const double *d = c->distortion, radial = 1 + ((d[4] * r2 + d[1]) * r2 + d[0]) * r2;
	pixel[0] = c->cx + c->fx * (x * radial + 2 * d[2] * x * y + d[3] * (r2 + 2 * x * x));
	pixel[1] = c->cy + c->fy * (y * radial + d[2] * (r2 + 2 * y * y) + 2 * d[3] * x * y);
	return true;
}

bool camera_level(struct camera *c, const double eye[3], double height_mm, double height_sigma_mm,
                  double distance_sigma, struct error *error)
{
	/* up = -z sin t - y cos t = R cos(t + a), with R the eye's distance within the vertical
	 * plane and a = atan2(z, -y): solved for t. */
	/* Eyes as far below a camera as before it, which no screen's edge is. */
	const double roll = radians(c->roll_deg), steepest = 45;
	const double y = eye[0] * sin(roll) + eye[1] * cos(roll), z = eye[2];
	const double reach = hypot(y, z), share = height_mm / reach;
	if (!(fabs(share) < 0.9))
		return error_set(error, 0, "eye height %.0f cm: you sit only %.0f cm from the "
		                 "camera; measure straight up from the lens to the height of your "
		                 "eyes", height_mm / 10,
		                 reach / 10);
	const double tilt = (acos(share) - atan2(z, -y)) / radians(1);
	if (fabs(tilt) > steepest)
		return error_set(error, 0, tilt > 0
			? _("eye height %.0f cm: the camera would look down by %.0f deg; measure "
			    "again, minus when your eyes are lower than the lens")
			: _("eye height %.0f cm: the camera would look up by %.0f deg; measure "
			    "again, minus when your eyes are lower than the lens"),
			height_mm / 10, fabs(tilt));
	const double along = sqrt(1 - share * share);
	const double ruler = height_sigma_mm / reach / along,
	             scale = share * distance_sigma / along;
	const double focal = y / z * c->focal_sigma;
	c->tilt_deg = tilt;
	c->tilt_sigma_deg = sqrt(ruler * ruler + scale * scale + focal * focal) / radians(1);
	return true;
}
