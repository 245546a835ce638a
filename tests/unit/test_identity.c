/* Who a face is: the same from one picture of a person to the next, whatever the camera, and
 * another for another person. */
#include "geometry/identity.h"
#include "opencv/opencv.h"
#include "sample/sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PEOPLE = 9 };
static const char people[PEOPLE + 1] = "adgiknpqs";
static struct sample looks[PEOPLE][2]; /* upright, and slouched */
static struct camera camera;

static bool see(struct sampler *s, char person, int picture, struct sample *out)
{
	char path[512];
	struct error error;
	snprintf(path, sizeof path, UNKNOT_TEST_DATA "/people/%c/syn_%c_%03d.jpg", person, person,
	         picture);
	struct cv_image *image = cv_image_read(path, &error);
	if (image == NULL)
		return false;
	const struct frame frame = cv_image_frame(image);
	sampler_reset(s);
	sampler_run(s, &frame, out);
	cv_image_free(image);
	return out->face.found;
}

static int set_up(void **state)
{
	(void)state;
	struct error error;
	camera = camera_from_hfov(640, 480, 62);
	const struct sampler_config config = {.pose_model = NET_POSE_LITE, .camera = camera,
	                                      .posture = posture_config_default()};
	struct sampler *s = sampler_create(&config, &error);
	if (s == NULL)
		return -1;
	for (int i = 0; i < PEOPLE; i++) {
		if (!see(s, people[i], 0, &looks[i][0]) || !see(s, people[i], 2, &looks[i][1]))
			return -1;
	}
	sampler_free(s);
	return 0;
}

static struct identity of(const struct sample *s)
{
	const struct camera here = camera_scaled(&camera, s->width, s->height);
	struct identity out;
	assert_true(identity_of_face(&here, &s->face, s->width, s->height, &out));
	return out;
}

static double apart(const struct identity *a, const struct identity *b)
{
	double square = 0;
	for (int i = 0; i < IDENTITY_SIZE; i++)
		square += pow(a->along[i] - b->along[i], 2);
	return sqrt(square);
}

/* What a look and a profile of it say must be the same: a hundredth of one person's scatter. */
static void a_profile_is_who_its_picture_shows(void **state)
{
	(void)state;
	for (int i = 0; i < PEOPLE; i++) {
		const struct sample *s = &looks[i][0];
		const struct identity seen = of(s);
		for (int way = 0; way < 3; way++) {
			struct camera here = camera_scaled(&camera, s->width, s->height);
			const struct calibration_view view = {&s->face, &s->pose, s->width,
			                                      s->height};
			struct profile p;
			struct identity own;
			struct error error;
			here.tilt_deg = way == 1 ? 17 : 0;
			here.roll_deg = way == 1 ? -4 : 0;
			if (!profile_make(&p, &here, &view, 1, way == 2 ? 91 : 0, &error))
				fail_msg("%c: %s", people[i], error.text);
			assert_true(identity_of_profile(&p, &own));
			if (apart(&seen, &own) > 0.05)
				fail_msg("%c, way %d: %.3f apart", people[i], way,
				         apart(&seen, &own));
			p.upright.m[MEASURE_HEAD_ROLL].valid = false;
			assert_false(identity_of_profile(&p, &own));
		}
	}
}

/* Another field of view changes nothing but how near the face is thought to be; the picture's size
 * and its place in it nothing at all. */
static void the_camera_is_nobody(void **state)
{
	(void)state;
	const struct sample *s = &looks[0][0];
	const struct identity seen = of(s);
	struct camera big = camera_scaled(&camera, 2 * s->width, 2 * s->height), wide;
	struct identity other;
	assert_true(identity_of_face(&big, &s->face, 2 * s->width, 2 * s->height, &other));
	assert_true(apart(&seen, &other) < 1e-6);
	wide = camera_scaled(&camera, s->width, s->height);
	wide.cx += 40;
	assert_true(identity_of_face(&wide, &s->face, s->width, s->height, &other));
	assert_true(apart(&seen, &other) < 1e-6);
	wide.fx *= 1.1;
	wide.fy *= 1.1;
	assert_true(identity_of_face(&wide, &s->face, s->width, s->height, &other));
	assert_true(apart(&seen, &other) > 0.1 && apart(&seen, &other) < 1);
}

static double distance(const float a[3], const float b[3])
{
	return hypot(hypot((double)(a[0] - b[0]), (double)(a[1] - b[1])), (double)(a[2] - b[2]));
}

/* Through the camera's own lens the shape is the profile's own, turned and of another size. */
static void the_shape_is_what_was_seen(void **state)
{
	(void)state;
	static const int points[] = {FACE_RIGHT_EYE_OUTER, FACE_LEFT_EYE_OUTER, 5, 9, 127, 356};
	enum { POINTS = sizeof points / sizeof *points };
	static float seen[FACE_POINTS][3];
	const struct sample *s = &looks[0][0];
	const struct camera here = camera_scaled(&camera, s->width, s->height);
	const struct calibration_view view = {&s->face, &s->pose, s->width, s->height};
	struct profile p;
	struct error error;
	double least = INFINITY, most = 0;
	assert_true(profile_make(&p, &here, &view, 1, 0, &error));
	assert_true(identity_shape_through(&p, 1, seen));
	for (int i = 0; i < POINTS; i++)
		for (int j = 0; j < i; j++) {
			const float *a = seen[points[i]], *b = seen[points[j]],
			            *c = p.shape[points[i]], *d = p.shape[points[j]];
			const double now = distance(a, b), own = distance(c, d);
			least = fmin(least, now / own);
			most = fmax(most, now / own);
		}
	if (!(most < 1.002 * least))
		fail_msg("from %.4f to %.4f times as long", least, most);
	p.valid = false;
	assert_false(identity_shape_through(&p, 1, seen));
}

/* Rolled about the line of sight it is the same body. */
static void a_tipped_head_is_the_same(void **state)
{
	(void)state;
	const struct sample *s = &looks[0][0];
	static struct face_result tipped;
	const struct identity seen = of(s);
	struct identity other;
	tipped = s->face;
	const double c = cos(0.3), n = sin(0.3);
	for (int i = 0; i < FACE_POINTS; i++) {
		const double x = (double)s->face.points[i].x * s->width,
		             y = (double)s->face.points[i].y * s->height;
		tipped.points[i].x = (float)((c * x - n * y) / s->width);
		tipped.points[i].y = (float)((n * x + c * y) / s->height);
	}
	const struct camera here = camera_scaled(&camera, s->width, s->height);
	assert_true(identity_of_face(&here, &tipped, s->width, s->height, &other));
	assert_true(apart(&seen, &other) < 1e-3);
	/* No face, and one whose points all lie in one, are nobody's. */
	for (int i = 0; i < FACE_POINTS; i++)
		tipped.points[i] = tipped.points[0];
	assert_false(identity_of_face(&here, &tipped, s->width, s->height, &other));
	tipped = s->face;
	tipped.found = false;
	assert_false(identity_of_face(&here, &tipped, s->width, s->height, &other));
}

/* Other pictures of the same people, these being among those who taught the directions: a change to
 * them or to how a face is put in shows here, how well strangers are told does not. */
static void people_differ_more_than_their_looks(void **state)
{
	(void)state;
	int told = 0, pairs = 0;
	for (int i = 0; i < PEOPLE; i++) {
		const struct identity upright = of(&looks[i][0]), own = of(&looks[i][1]);
		const double owner = identity_log_ratio(&upright, 1, &own, 1);
		if (owner < 2)
			fail_msg("%c is not the owner: %.1f", people[i], owner);
		for (int j = 0; j < PEOPLE; j++) {
			const struct identity seen = of(&looks[j][1]);
			if (i == j)
				continue;
			pairs++;
			told += identity_log_ratio(&upright, 1, &seen, 1) < owner;
		}
	}
	print_message("of %d pairs %d are told by one look\n", pairs, told);
	assert_true(told >= 0.9 * pairs);
}

static void more_looks_say_more(void **state)
{
	(void)state;
	struct identity mean = {{0}}, off = {{0}};
	for (int i = 0; i < IDENTITY_SIZE; i++)
		off.along[i] = 3;
	assert_true(identity_log_ratio(&mean, 1, &mean, 1) > 1);
	assert_true(identity_log_ratio(&mean, 1, &off, 1) < 0);
	assert_true(identity_log_ratio(&mean, 1, &off, 30) < identity_log_ratio(&mean, 1, &off, 1));
	assert_true(identity_log_ratio(&mean, 5, &mean, 30) >
	            identity_log_ratio(&mean, 1, &mean, 1));
	/* Either may be whose. */
	assert_true(fabs(identity_log_ratio(&mean, 3, &off, 8) -
	                 identity_log_ratio(&off, 8, &mean, 3)) < 1e-9);
	/* Two who are alike in what is rare are likelier one than two who are as most are. */
	assert_true(identity_log_ratio(&off, 5, &off, 5) > identity_log_ratio(&mean, 5, &mean, 5));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_is_who_its_picture_shows),
		cmocka_unit_test(the_camera_is_nobody),
		cmocka_unit_test(the_shape_is_what_was_seen),
		cmocka_unit_test(a_tipped_head_is_the_same),
		cmocka_unit_test(people_differ_more_than_their_looks),
		cmocka_unit_test(more_looks_say_more),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
