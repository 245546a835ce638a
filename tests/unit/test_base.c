/* The room everybody stands on: memory, clocks, errors, the log's lines, digests. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void arena_hands_out_all_of_itself(void **state)
{
	struct arena a;
	(void)state;
	assert_true(arena_init(&a, 3 * ARENA_ALIGNMENT));
	unsigned char *first = arena_take(&a, 1), *second = arena_take(&a, 2 * ARENA_ALIGNMENT);
	assert_non_null(first);
	assert_ptr_equal(second, first + ARENA_ALIGNMENT); /* to the last byte */
	assert_int_equal((uintptr_t)first % ARENA_ALIGNMENT, 0);
	for (int i = 0; i < 3 * ARENA_ALIGNMENT; i++)
		assert_int_equal(first[i], 0);
	assert_null(arena_take(&a, 1));
	assert_non_null(arena_take(&a, 0));
	arena_free(&a);
}

/* Memory that malloc gave away before is as good as new. */
static void arena_is_zero_on_used_memory(void **state)
{
	struct arena a;
	(void)state;
	enum { SIZE = 1 << 14 };
	unsigned char *used = malloc(4 * SIZE);
	void *behind = malloc(64); /* or the freed block goes back to the system */
	assert_non_null(used);
	memset(used, 0xa5, 4 * SIZE);
	/* a write that nobody reads is one all the same */
	__asm__ volatile("" : : "r"(used) : "memory");
	free(used);
	assert_true(arena_init(&a, SIZE));
	const unsigned char *p = arena_take(&a, SIZE);
	for (int i = 0; i < SIZE; i++)
		assert_int_equal(p[i], 0);
	arena_free(&a);
	free(behind);
}

static void arena_refuses_what_would_wrap_around(void **state)
{
	struct arena a;
	(void)state;
	assert_true(arena_init(&a, 1));
	assert_null(arena_take(&a, SIZE_MAX));
	assert_null(arena_take(&a, SIZE_MAX - ARENA_ALIGNMENT + 2));
	assert_null(arena_take(&a, SIZE_MAX / 2));
	assert_non_null(arena_take(&a, ARENA_ALIGNMENT)); /* nothing of it was taken */
	arena_free(&a);
}

static double seconds_of(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void real_clock_is_the_system_s(void **state)
{
	(void)state;
	struct clock c = clock_real();
	for (int i = 0; i < 20; i++) {
		const double boot = seconds_of(CLOCK_BOOTTIME), wall = seconds_of(CLOCK_REALTIME);
		const struct instant now = clock_now(&c);
		assert_true(now.seconds >= boot && now.seconds <= seconds_of(CLOCK_BOOTTIME));
		/* A millisecond down for the cut, and another for who set the clock meanwhile. */
		assert_true((double)now.wall_ms >= wall * 1e3 - 2);
		assert_true((double)now.wall_ms <= seconds_of(CLOCK_REALTIME) * 1e3 + 1);
		usleep(700);
	}
}

static void fast_clock_runs_at_its_speed(void **state)
{
	(void)state;
	const struct instant start = {.seconds = 50, .wall_ms = 1000000};
	const double before = seconds_of(CLOCK_BOOTTIME);
	struct clock c = clock_fast(start, 1000);
	const double made = seconds_of(CLOCK_BOOTTIME);
	usleep(20000);
	const double asked = seconds_of(CLOCK_BOOTTIME);
	const struct instant now = clock_now(&c);
	const double after = seconds_of(CLOCK_BOOTTIME), elapsed = now.seconds - 50;
	assert_true(elapsed >= (asked - made) * 1000 - 1e-3 &&
	            elapsed <= (after - before) * 1000 + 1e-3);
	assert_true(llabs(now.wall_ms - 1000000 - (int64_t)(elapsed * 1000)) <= 1);
}

static void manual_clock_stands_until_it_is_set(void **state)
{
	(void)state;
	struct clock c = clock_manual((struct instant){.seconds = 1, .wall_ms = 2});
	usleep(1000);
	assert_true(clock_now(&c).seconds == 1 && clock_now(&c).wall_ms == 2);
	clock_set(&c, (struct instant){.seconds = 3, .wall_ms = 4});
	assert_true(clock_now(&c).seconds == 3 && clock_now(&c).wall_ms == 4);
}

static void tomorrow_begins_at_four(void **state)
{
	const int64_t day = 20000LL * 86400000; /* midnight */
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	assert_true(clock_until_tomorrow(day + 4 * 3600000LL) == 86400);
	assert_true(clock_until_tomorrow(day + 4 * 3600000LL - 1000) == 1);
	assert_true(clock_until_tomorrow(day) == 4 * 3600);
}

static void errors_keep_code_and_text(void **state)
{
	struct error e;
	char longer[400];
	(void)state;
	assert_false(error_set(&e, 7, "%s: %d", "thing", 3));
	assert_int_equal(e.code, 7);
	assert_string_equal(e.text, "thing: 3");
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_false(error_set(&e, 0, "%s", longer));
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
	assert_false(error_set(NULL, 1, "nobody cares"));
}

/* What one call writes to the standard error. */
static const char *logged(enum log_level level, const char *text)
{
	static char line[256];
	int ends[2];
	memset(line, 0, sizeof line);
	assert_int_equal(pipe(ends), 0);
	const int kept = dup(STDERR_FILENO);
	fflush(stderr);
	dup2(ends[1], STDERR_FILENO);
	log_write(level, "%s", text);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	assert_true(read(ends[0], line, sizeof line - 1) >= 0);
	close(ends[0]);
	return line;
}

static void log_says_what_its_level_lets_through(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	for (int threshold = LOG_LEVEL_ERROR; threshold <= LOG_LEVEL_DEBUG; threshold++) {
		log_set_level((enum log_level)threshold);
		for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++)
			assert_string_equal(logged((enum log_level)level, "word"),
			                    level <= threshold ? "unknot: word\n" : "");
	}
}

/* sd-daemon(3): <3> error, <4> warning, <6> information, <7> debugging. */
static void log_tells_the_journal_its_level(void **state)
{
	static const char *const lines[] = {"<3>word\n", "<4>word\n", "<6>word\n", "<7>word\n"};
	(void)state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_set_level(LOG_LEVEL_DEBUG);
	for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++)
		assert_string_equal(logged((enum log_level)level, "word"), lines[level]);
	unsetenv("JOURNAL_STREAM");
}

/* Of so many letters a, around the block's and the length's ends; from sha256sum(1). */
static void digests_are_those_of_sha256sum(void **state)
{
	static const struct { size_t size; const char *hex; } known[] = {
		{0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{1, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"},
		{55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
		{56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
		{57, "f13b2d724659eb3bf47f2dd6af1accc87b81f09f59f2b75e5c0bed6589dfe8c6"},
		{63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
		{64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
		{65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"},
		{119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"},
		{120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"},
		{128, "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e"},
		{200, "c2a908d98f5df987ade41b5fce213067efbcc21ef2240212a41e54b5e7c28ae5"},
	};
	char text[200], hex[SHA256_HEX_SIZE];
	uint8_t digest[SHA256_SIZE];
	(void)state;
	memset(text, 'a', sizeof text);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		sha256(text, known[i].size, digest);
		sha256_hex(digest, hex);
		assert_string_equal(hex, known[i].hex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_hands_out_all_of_itself),
		cmocka_unit_test(arena_is_zero_on_used_memory),
		cmocka_unit_test(arena_refuses_what_would_wrap_around),
		cmocka_unit_test(real_clock_is_the_system_s),
		cmocka_unit_test(fast_clock_runs_at_its_speed),
		cmocka_unit_test(manual_clock_stands_until_it_is_set),
		cmocka_unit_test(tomorrow_begins_at_four),
		cmocka_unit_test(errors_keep_code_and_text),
		cmocka_unit_test(log_says_what_its_level_lets_through),
		cmocka_unit_test(log_tells_the_journal_its_level),
		cmocka_unit_test(digests_are_those_of_sha256sum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
