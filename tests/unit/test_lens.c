/* The lens calibration on a board that we render ourselves, seen by a camera that we know: every
 * pixel is an area of nine rays, undistorted by Newton's method and followed to the board.
 *
 *   test_lens [--write FOLDER]   instead of testing, the boards as pictures */
#include "geometry/camera.h"
#include "geometry/linalg.h"
#include "opencv/lens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WIDTH = 640, HEIGHT = 480, FINE = 3, VIEWS = 15 };

static const struct camera truth = {.width = WIDTH, .height = HEIGHT, .fx = 531,
                                    .fy = 528, .cx = 327,
                                    .cy = 233, .distortion = {-0.14, 0.06, 0, 0, 0}};

static float (*rays)[2]; /* of every fine pixel, undistorted */
static unsigned char picture[WIDTH * HEIGHT * 3];

/* x' = x (1 + k1 r^2 + k2 r^4) turned around: radial, so one equation for r. */
static void undistort(double px, double py, float ray[2])
{
	const double x = (px - truth.cx) / truth.fx, y = (py - truth.cy) / truth.fy;
	const double wanted = hypot(x, y), k1 = truth.distortion[0], k2 = truth.distortion[1];
	double r = wanted;
	for (int i = 0; i < 20; i++) {
		const double q = r * r;
		r -= (r * (1 + k1 * q + k2 * q * q) - wanted) / (1 + 3 * k1 * q + 5 * k2 * q * q);
	}
	const double k = wanted > 0 ? r / wanted : 1;
	ray[0] = (float)(x * k);
	ray[1] = (float)(y * k);
}

static int make_rays(void **state)
{
	(void)state;
	rays = malloc(sizeof *rays * WIDTH * FINE * HEIGHT * FINE);
	if (rays == NULL)
		return -1;
	for (int y = 0; y < HEIGHT * FINE; y++)
		for (int x = 0; x < WIDTH * FINE; x++)
			undistort((x + 0.5) / FINE - 0.5, (y + 0.5) / FINE - 0.5,
			          rays[y * WIDTH * FINE + x]);
	return 0;
}

static int drop_rays(void **state)
{
	(void)state;
	free(rays);
	return 0;
}

/* In squares from the first inner corner: the board, its white margin, and the wall. */
static double brightness(double u, double v)
{
	if (u < -2 || v < -2 || u > LENS_COLUMNS + 1 || v > LENS_ROWS + 1)
		return 90;
	if (u < -1 || v < -1 || u > LENS_COLUMNS || v > LENS_ROWS)
		return 220;
	return ((int)floor(u) + (int)floor(v)) % 2 == 0 ? 25 : 220;
}

/* The board turned by w about its middle, which is at `place`, in squares. */
static struct frame render(const double w[3], const double place[3])
{
	double r[3][3], centre[3] = {(LENS_COLUMNS - 1) / 2.0, (LENS_ROWS - 1) / 2.0, 0};
	rotation_from_vector(w, r);
	unsigned noise = 12345;
	for (int py = 0; py < HEIGHT; py++)
		for (int px = 0; px < WIDTH; px++) {
			double sum = 0;
			for (int i = 0; i < FINE * FINE; i++) {
				const int fine_y = py * FINE + i / FINE,
				          fine_x = px * FINE + i % FINE;
				const float *d = rays[fine_y * WIDTH * FINE + fine_x];
				const double ray[3] = {(double)d[0], (double)d[1], 1};
				const double normal[3] = {r[0][2], r[1][2], r[2][2]};
				const double t = dot3(normal, place) / dot3(normal, ray);
				double on[2];
				for (int k = 0; k < 2; k++)
					on[k] = centre[k] + r[0][k] * (t * ray[0] - place[0]) +
					        r[1][k] * (t * ray[1] - place[1]) +
					        r[2][k] * (t * ray[2] - place[2]);
				sum += brightness(on[0], on[1]);
			}
			noise = noise * 1664525u + 1013904223u;
			const int grey = (int)(sum / (FINE * FINE)) + (int)(noise >> 29) - 4;
			memset(picture + 3 * (WIDTH * py + px), grey, 3);
		}
	return (struct frame){.format = PIXEL_RGB24, .full_range = 1, .width = WIDTH,
	                      .height = HEIGHT,
	                      .plane = {picture}, .stride = {WIDTH * 3}};
}

/* Tilted to all sides, into every corner of the picture, near and far. */
static struct frame render_view(int i)
{
	const double w[3] = {0.45 * cos(i * 2.4), 0.45 * sin(i * 2.4), 0.1 * (i % 3 - 1)};
	const double z = 15 + 2 * (i % 4);
	const double place[3] = {0.2 * z * (i % 3 - 1), 0.14 * z * (i / 3 % 3 - 1), z};
	return render(w, place);
}

static int show_board(struct lens_view *views)
{
	int found = 0;
	for (int i = 0; i < VIEWS; i++) {
		const struct frame frame = render_view(i);
		found += lens_find_board(&frame, &views[found]);
	}
	return found;
}

static int write_boards(const char *folder)
{
	bool good = make_rays(NULL) == 0;
	for (int i = 0; good && i < VIEWS; i++) {
		char path[1024];
		render_view(i);
		snprintf(path, sizeof path, "%s/board%02d.ppm", folder, i);
		FILE *to = fopen(path, "wb");
		good = to != NULL && fprintf(to, "P6 %d %d 255\n", WIDTH, HEIGHT) > 0 &&
		       fwrite(picture, sizeof picture, 1, to) == 1;
		if (to != NULL && fclose(to) != 0)
			good = false;
	}
	free(rays);
	return good ? 0 : 1;
}

static void a_known_lens_is_recovered(void **state)
{
	(void)state;
	static struct lens_view views[VIEWS];
	struct lens lens;
	struct error error;
	const int found = show_board(views);
	assert_true(found >= VIEWS - 3);
	assert_true(lens_solve(views, found, WIDTH, HEIGHT, &lens, &error));
	print_message("%d of %d boards: fx %.2f fy %.2f cx %.2f cy %.2f k1 %.4f k2 %.4f, rms %.3f "
	              "px, sigma %.4f, coverage %.2f\n", found, VIEWS,
	              lens.fx, lens.fy, lens.cx, lens.cy,
	              lens.distortion[0], lens.distortion[1], lens.rms_px,
	              lens.focal_sigma, lens.coverage);
	assert_true(fabs(lens.fx / truth.fx - 1) < 0.003);
	assert_true(fabs(lens.fy / truth.fy - 1) < 0.003);
	assert_true(fabs(lens.cx - truth.cx) < 1.5);
	assert_true(fabs(lens.cy - truth.cy) < 1.5);
	assert_true(fabs(lens.distortion[0] - truth.distortion[0]) < 0.01);
	assert_true(fabs(lens.distortion[1] - truth.distortion[1]) < 0.03);
	assert_true(lens.rms_px < 0.2);
	assert_true(lens.focal_sigma < 0.005 && lens.coverage > 0.9);
	assert_true(fabs(lens.fx - truth.fx) < 4 * lens.focal_sigma * truth.fx + 0.2);

	/* What geometry makes of it: rays of the whole picture. */
	struct camera camera = truth;
	camera.fx = lens.fx;
	camera.fy = lens.fy;
	camera.cx = lens.cx;
	camera.cy = lens.cy;
	memcpy(camera.distortion, lens.distortion, sizeof camera.distortion);
	double worst = 0;
	for (int y = 20; y < HEIGHT; y += 40)
		for (int x = 20; x < WIDTH; x += 40) {
			double ray[2];
			float true_ray[2];
			camera_ray(&camera, x, y, ray);
			undistort(x, y, true_ray);
			const double off = hypot(ray[0] - (double)true_ray[0],
			                         ray[1] - (double)true_ray[1]);
			worst = fmax(worst, off * truth.fx);
		}
	print_message("rays are off by %.2f px at most\n", worst);
	assert_true(worst < 2);
}

static void a_pinhole_would_not_do(void **state)
{
	(void)state;
	struct camera pinhole = truth;
	double with[2], without[2];
	memset(pinhole.distortion, 0, sizeof pinhole.distortion);
	camera_ray(&truth, 20, 20, with);
	camera_ray(&pinhole, 20, 20, without);
	assert_true(hypot(with[0] - without[0], with[1] - without[1]) * truth.fx > 10);
}

static void no_board_and_too_few_views(void **state)
{
	(void)state;
	struct lens_view view[2] = {0};
	struct lens lens;
	struct error error;
	const double w[3] = {0}, far_aside[3] = {14, 0, 16};
	const struct frame cut = render(w, far_aside);
	assert_false(lens_find_board(&cut, &view[0]));
	memset(picture, 128, sizeof picture);
	assert_false(lens_find_board(&cut, &view[0]));
	assert_false(lens_solve(view, 2, WIDTH, HEIGHT, &lens, &error));
	assert_non_null(strstr(error.text, "too few"));
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--write") == 0)
		return write_boards(argv[2]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_lens_is_recovered),
		cmocka_unit_test(a_pinhole_would_not_do),
		cmocka_unit_test(no_board_and_too_few_views),
	};
	return cmocka_run_group_tests(tests, make_rays, drop_rays);
}
