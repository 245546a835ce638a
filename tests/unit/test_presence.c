/* Is somebody there: what looks saw in, presence out. And the names of it all. */
#include "posture/nobody.h"
#include "posture/presence.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct glimpse {
	double at;
	bool paused;
	enum camera_status camera;
	bool sampled;
	bool blocked, person;
	enum presence expected;
};

static void play(const struct glimpse *g, size_t n)
{
	struct presence_judge j;
	struct presence_config c = presence_config_default();
	presence_init(&j, &c);
	for (size_t i = 0; i < n; i++) {
		enum presence p = presence_step(&j, &(struct presence_sample){
			.seconds = g[i].at, .paused = g[i].paused, .camera = g[i].camera,
			.sampled = g[i].sampled, .blocked = g[i].blocked, .person = g[i].person });
		if (p != g[i].expected)
			fail_msg("step %zu (%.0f s): %s instead of "
			         "%s", i, g[i].at, presence_name(p),
			         presence_name(g[i].expected));
	}
}

#define EXPECT(p) .expected = PRESENCE_##p
#define SOMEBODY .sampled = true, .person = true
#define NOBODY .sampled = true
#define BLACK .sampled = true, .blocked = true
#define PLAY(...) \
	do { \
		static const struct glimpse script[] = { __VA_ARGS__ }; \
		play(script, sizeof script / sizeof script[0]); \
	} while (0)

static void test_presence(void **state)
{
	(void)state;
	/* comes and goes; a single empty picture is not away; a passer-by is not back */
	PLAY({ 0, SOMEBODY, EXPECT(PRESENT) }, { 3, NOBODY, EXPECT(PRESENT) },
	     { 6, SOMEBODY, EXPECT(PRESENT) }, { 9, NOBODY, EXPECT(PRESENT) },
	     { 15, NOBODY, EXPECT(PRESENT) }, { 21, NOBODY, EXPECT(AWAY) },
	     { 60, SOMEBODY, EXPECT(AWAY) }, { 63, NOBODY, EXPECT(AWAY) },
	     { 66, SOMEBODY, EXPECT(AWAY) }, { 69, SOMEBODY, EXPECT(PRESENT) });
	/* looks half a minute apart */
	PLAY({ 0, SOMEBODY, EXPECT(PRESENT) }, { 30, NOBODY, EXPECT(PRESENT) },
	     { 33, NOBODY, EXPECT(AWAY) });
	/* an empty room from the start */
	PLAY({ 0, NOBODY, EXPECT(UNKNOWN) }, { 3, NOBODY, EXPECT(UNKNOWN) },
	     { 15, NOBODY, EXPECT(AWAY) });
	/* covered lens: not away, however long; open again */
	PLAY({ 0, SOMEBODY, EXPECT(PRESENT) }, { 3, BLACK, EXPECT(PRESENT) },
	     { 4, BLACK, EXPECT(PRESENT) }, { 6, BLACK, EXPECT(BLOCKED) },
	     { 100, BLACK, EXPECT(BLOCKED) }, { 103, NOBODY, EXPECT(UNKNOWN) },
	     { 106, SOMEBODY, EXPECT(PRESENT) });
	/* a dark room with somebody in it is not blocked; one black picture is nothing */
	PLAY({ 0, BLACK, .person = true, EXPECT(PRESENT) },
	     { 3, BLACK, .person = true, EXPECT(PRESENT) },
	     { 9, BLACK, .person = true, EXPECT(PRESENT) },
	     { 12, BLACK, EXPECT(PRESENT) }, { 15, SOMEBODY, EXPECT(PRESENT) });
	/* somebody whom the dark has swallowed has not left */
	PLAY({ 0, SOMEBODY, EXPECT(PRESENT) }, { 3, BLACK, EXPECT(PRESENT) },
	     { 30, BLACK, EXPECT(PRESENT) }, { 60, BLACK, EXPECT(BLOCKED) },
	     { 150, BLACK, EXPECT(BLOCKED) }, { 153, SOMEBODY, EXPECT(PRESENT) });
	/* a call, at once and over at once; pause outranks it */
	PLAY({ 0, SOMEBODY, EXPECT(PRESENT) },
	     { 3, .camera = CAMERA_BUSY, EXPECT(IN_CALL) },
	     { 1800, .camera = CAMERA_BUSY, EXPECT(IN_CALL) },
	     { 1801, .camera = CAMERA_BUSY, .paused = true, EXPECT(PAUSED) },
	     { 1900, .camera = CAMERA_BUSY, EXPECT(IN_CALL) },
	     { 1903, SOMEBODY, EXPECT(PRESENT) });
	/* locked; afterwards nobody knows until a picture tells */
	PLAY({ 0, SOMEBODY, EXPECT(PRESENT) },
	     { 1, .paused = true, EXPECT(PAUSED) },
	     { 500, EXPECT(UNKNOWN) }, { 503, SOMEBODY, EXPECT(PRESENT) });
	/* no pictures, no camera */
	PLAY({ 0, SOMEBODY, EXPECT(PRESENT) }, { 60, EXPECT(PRESENT) },
	     { 121, EXPECT(UNKNOWN) }, { 122, SOMEBODY, EXPECT(PRESENT) },
	     { 125, .camera = CAMERA_GONE, EXPECT(UNKNOWN) },
	     { 128, SOMEBODY, EXPECT(PRESENT) });
	/* a clock that runs backwards, and one that is none */
	PLAY({ 5000, SOMEBODY, EXPECT(PRESENT) }, { 10, NOBODY, EXPECT(UNKNOWN) },
	     { NAN, NOBODY, EXPECT(UNKNOWN) }, { 26, NOBODY, EXPECT(AWAY) });
}

static enum presence look(struct presence_judge *j, double at, bool person)
{
	return presence_step(j, &(struct presence_sample){ .seconds = at, .sampled = true,
	                                                   .person = person });
}

static void test_presence_asks_to_look_again(void **state)
{
	(void)state;
	struct presence_judge j;
	struct presence_config c = presence_config_default();
	presence_init(&j, &c);
	look(&j, 0, true);
	assert_true(isinf(presence_wait(&j)));
	look(&j, 9, false);
	assert_float_equal(presence_wait(&j), 3, 1e-9); /* half of the six that are left of 15 */
	assert_int_equal(look(&j, 14, false), PRESENCE_PRESENT);
	assert_float_equal(presence_wait(&j), 0.5, 1e-9);
	assert_int_equal(look(&j, 19, false), PRESENCE_AWAY);
	assert_true(isinf(presence_wait(&j)));
	look(&j, 40, true);
	assert_float_equal(presence_wait(&j), 0, 1e-9);
	look(&j, 43, true);
	assert_true(isinf(presence_wait(&j)));
	presence_step(&j,
	              &(struct presence_sample){ .seconds = 46, .sampled = true, .blocked = true });
	assert_float_equal(presence_wait(&j), 0, 1e-9);
}

/* Seconds until a face that moves by `sway` of its eyes' distance each look is taken for a picture;
 * -1 never. */
static double still_after(double interval, double sway, double seconds)
{
	struct stillness s = { 0 };
	int look = 0;
	for (double t = 0; t <= seconds; t += interval, look++) {
		const struct face_place place = { 320 + 60 * sway * (look % 2), 200, 60 };
		if (face_is_still(&s, 1000 + t, &place))
			return t;
	}
	return -1;
}

static void test_a_picture_on_the_wall(void **state)
{
	(void)state;
	assert_float_equal(still_after(3, 0, 1000), 180, 3);
	assert_float_equal(still_after(3, 0.029, 1000), 180, 3); /* wavers, as a mesh does */
	assert_float_equal(still_after(30, 0, 1000), 330, 1);    /* twelve looks at least */
	assert_float_equal(still_after(3, 0.031, 4000), -1, 0);  /* breathes */
	assert_float_equal(still_after(121, 0, 4000), -1, 0);    /* who knows who that was */
	/* nearer or farther is movement too */
	struct stillness s = { 0 };
	for (int i = 0; i < 400; i++)
		assert_false(face_is_still(&s, i,
		                           &(struct face_place){ 320, 200, i % 2 ? 60 : 62 }));
	/* as is a clock that ran backwards */
	for (int i = 0; i < 400; i++)
		assert_false(face_is_still(&s, -i, &(struct face_place){ 320, 200, 60 }));
	struct measures m = { 0 };
	assert_false(face_is_far(&m));
	m.m[MEASURE_EYE_DISTANCE] = (struct measure){ 141, 14, true };
	assert_true(face_is_far(&m));
	m.m[MEASURE_EYE_DISTANCE].value = 139;
	assert_false(face_is_far(&m));
}

static void test_names_round_trip(void **state)
{
	(void)state;
	for (int p = 0; p < POSTURE_COUNT; p++)
		assert_int_equal(posture_from_name(posture_name((enum posture)p)), p);
	for (int p = 0; p < PRESENCE_COUNT; p++)
		assert_int_equal(presence_from_name(presence_name((enum presence)p)), p);
	assert_int_equal(posture_from_name("sideways"), POSTURE_COUNT);
	assert_int_equal(presence_from_name(NULL), PRESENCE_COUNT);
	assert_string_equal(posture_name((enum posture)99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presence),
		cmocka_unit_test(test_presence_asks_to_look_again),
		cmocka_unit_test(test_a_picture_on_the_wall),
		cmocka_unit_test(test_names_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
