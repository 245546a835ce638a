/* Traces as an enemy would write them, and the day that we play ourselves. */
#include "capture/trace.h"

#include "base/paths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/unknot-trace-XXXXXX";

static int make_file(void **state)
{
	(void)state;
	int fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static struct trace *trace_of(const void *text, size_t size, struct error *error)
{
	struct error why;
	assert_true(path_write_file(path, text, size, &why));
	return trace_open(path, error);
}

/* After a good line comes this one: what trace_next makes of it. */
static int second_line(const char *line, size_t size, struct error *error)
{
	static const char first[] = "{\"t\":5}\n";
	struct posture_sample s;
	char *text = malloc(sizeof first + size);
	memcpy(text, first, sizeof first - 1);
	memcpy(text + sizeof first - 1, line, size);
	struct trace *t = trace_of(text, sizeof first - 1 + size, error);
	free(text);
	assert_non_null(t);
	assert_int_equal(trace_next(t, &s, error), 1);
	int got = trace_next(t, &s, error);
	trace_free(t);
	return got;
}

static void bad_lines_are_named(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"{", "[]", "7", "\"t\"", "{}", "{\"t\":\"9\"}", "{\"t\":-1}",
		"{\"t\":1e99}", "{\"t\":null}",
		"{\"t\":9} {\"t\":10}", "{\"t\":9}x", "{\"t\":4}",
		"{\"t\":9,\"presence\":5}", "{\"t\":9,\"presence\":\"\"}",
		"{\"t\":9,\"presence\":null}",
		"{\"t\":9,\"measures\":[1]}", "{\"t\":9,\"measures\":{\"\":1}}",
		"{\"t\":9,\"every\":0,\"repeat_until\":20}",
		"{\"t\":9,\"every\":-5,\"repeat_until\":20}",
		"{\"t\":9,\"repeat_until\":8}", "{\"t\":9,\"repeat_until\":1e300}",
		"{\"t\":9,\"wall\":7}", "{\"t\":9,\"wall\":\"noon\"}",
		"{\"t\":9,\"wall\":\"2026-13-01T09:00:00Z\"}",
		"{\"t\":9,\"wall\":\"2026-01-01T09:00:00+99:00\"}",
		"{\"t\":9,\"wall\":\"2026-01-01T09:00:00x01:00\"}",
		"{\"t\":9,\"wall\":\"-999-01-01T09:00:00Z\"}",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct error error = {0};
		if (second_line(lines[i], strlen(lines[i]), &error) != -1)
			fail_msg("taken for good: %s", lines[i]);
		if (strstr(error.text, ":2: ") == NULL)
			fail_msg("%s: does not name line 2: %s", lines[i], error.text);
	}
}

static void a_zero_byte_hides_nothing(void **state)
{
	(void)state;
	struct error error = {0};
	static const char hidden[] = "{\"t\":9}\0{\"t\":10}";
	assert_int_equal(second_line(hidden, sizeof hidden - 1, &error), -1);
	assert_int_equal(second_line("\0", 1, &error), -1);
}

static void good_lines_stay_good(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"{\"t\":5}", "  {\"t\":9}  \r", "{\"t\":9,\"unknown key\":[{}]}",
		"{\"t\":9,\"measures\":null}",
		"{\"t\":9,\"wall\":\"2026-01-01T09:00:00Z\"}",
		"{\"t\":9,\"wall\":\"2026-01-01T09:00:00-05:30\"}",
		"# comment\n\n \t\n{\"t\":9}",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct error error = {0};
		if (second_line(lines[i], strlen(lines[i]), &error) != 1)
			fail_msg("%s: %s", lines[i], error.text);
	}
}

static void numbers_that_mean_nothing_are_not_valid(void **state)
{
	(void)state;
	static const char text[] =
		"{\"t\":0,\"measures\":{\"eye_drop_cm\":1e999,\"lean_in_cm\":{\"value\":1e999},"
		"\"lean_side_cm\":{\"value\":2,\"sigma\":-1},\"head_roll_deg\":{\"value\":2,"
		"\"sigma\":1e999},"
		"\"head_yaw_deg\":\"7\",\"shoulder_tilt_deg\":{\"value\":3,\"valid\":false},"
		"\"eye_distance_cm\":{\"value\":60,\"sigma\":2}}}";
	struct error error = {0};
	struct posture_sample s;
	struct trace *t = trace_of(text, sizeof text - 1, &error);
	assert_non_null(t);
	assert_int_equal(trace_next(t, &s, &error), 1);
	for (int i = 0; i < MEASURE_COUNT; i++)
		assert_int_equal(s.measures.m[i].valid, i == MEASURE_EYE_DISTANCE);
	trace_free(t);
}

/* The memory for a line is bounded, and the line after is read. */
static void a_long_line_is_skipped(void **state)
{
	(void)state;
	enum { LONG = 3 << 20 };
	static const char before[] = "{\"t\":1}\n", after[] = "\n{\"t\":2}\n";
	struct error error = {0};
	struct posture_sample s;
	char *text = malloc(sizeof before + LONG + sizeof after);
	memcpy(text, before, sizeof before - 1);
	memset(text + sizeof before - 1, '[', LONG);
	memcpy(text + sizeof before - 1 + LONG, after, sizeof after - 1);
	struct trace *t = trace_of(text, sizeof before - 1 + LONG + sizeof after - 1, &error);
	free(text);
	assert_non_null(t);
	assert_int_equal(trace_next(t, &s, &error), 1);
	assert_int_equal(trace_next(t, &s, &error), -1);
	assert_non_null(strstr(error.text, ":2: line longer"));
	assert_int_equal(trace_next(t, &s, &error), 1);
	assert_float_equal((float)s.seconds, 2, 0);
	assert_int_equal(trace_next(t, &s, &error), 0);
	assert_int_equal(trace_next(t, &s, &error), 0);
	trace_free(t);
}

/* Brackets within the limit must not run the parser out of stack. */
static void deep_nesting_is_refused(void **state)
{
	(void)state;
	enum { DEEP = 1 << 19 };
	struct error error = {0};
	char *text = malloc(DEEP);
	memset(text, '[', DEEP);
	assert_int_equal(second_line(text, DEEP, &error), -1);
	free(text);
}

static void what_cannot_be_read_is_an_error(void **state)
{
	(void)state;
	struct error error = {0};
	assert_null(trace_open("/nonexistent/trace.jsonl", &error));
	assert_non_null(strstr(error.text, "/nonexistent/trace.jsonl"));
	assert_null(trace_open("/tmp", &error));
	assert_null(trace_of("not JSON", 8, &error));
	struct posture_sample s;
	struct trace *t = trace_of("", 0, &error);
	assert_non_null(t);
	assert_int_equal(trace_next(t, &s, &error), 0);
	trace_free(t);
}

/* Any bytes at all: each call ends, time never runs backward. Seeded, so that a failure comes
 * again. */
static void noise_does_no_harm(void **state)
{
	(void)state;
	static const char pieces[][40] = {
		"{\"t\":", "1e", "9", "}\n", "\"every\":0.05,", "\"repeat_until\":",
		"null", "{", "[", "\"", "\n",
		"#", "\"measures\":{\"eye_drop_cm\":", "\"presence\":\"away\"", ",", "\\u0000",
		"\"wall\":\"2026-01-01T",
	};
	unsigned seed = 11;
	for (int round = 0; round < 300; round++) {
		char text[4096];
		size_t size = 0;
		struct error error = {0};
		struct posture_sample s;
		while (size + 64 < sizeof text) {
			seed = seed * 1664525 + 1013904223;
			if (seed >> 30 == 0) {
				text[size++] = (char)(seed >> 16);
				continue;
			}
			size += (size_t)sprintf(text + size, "%s",
			                        pieces[(seed >> 8) % (sizeof pieces / 40)]);
		}
		struct trace *t = trace_of(text, size, &error);
		double last = 0;
		int got = t != NULL ? 1 : 0;
		for (int i = 0; i < 1000 && got != 0; i++) {
			got = trace_next(t, &s, &error);
			if (got == 1) {
				assert_true(s.seconds >= last);
				last = s.seconds;
			}
		}
		trace_free(t);
	}
}

static void the_day_of_the_tests_is_whole(void **state)
{
	(void)state;
	struct error error = {0};
	struct posture_sample s;
	struct trace *t = trace_open(UNKNOT_TEST_DATA "/traces/day.jsonl", &error);
	int got, seen[PRESENCE_COUNT] = {0};
	double last = 0;
	assert_non_null(t);
	assert_true(trace_start_wall_ms(t) == 1773043200000LL); /* 2026-03-09T09:00:00+01:00 */
	while ((got = trace_next(t, &s, &error)) == 1) {
		assert_true(s.seconds - last <= 60);
		last = s.seconds;
		seen[s.presence]++;
	}
	if (got != 0)
		fail_msg("%s", error.text);
	trace_free(t);
	assert_true(last >= 7 * 3600);
	assert_true(seen[PRESENCE_PRESENT] > 3000);
	assert_true(seen[PRESENCE_AWAY] > 0 && seen[PRESENCE_IN_CALL] > 0 &&
	            seen[PRESENCE_BLOCKED] > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_lines_are_named),
		cmocka_unit_test(a_zero_byte_hides_nothing),
		cmocka_unit_test(good_lines_stay_good),
		cmocka_unit_test(numbers_that_mean_nothing_are_not_valid),
		cmocka_unit_test(a_long_line_is_skipped),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(what_cannot_be_read_is_an_error),
		cmocka_unit_test(noise_does_no_harm),
		cmocka_unit_test(the_day_of_the_tests_is_whole),
	};
	return cmocka_run_group_tests(tests, make_file, remove_file);
}
