/* Recordings cut, damaged and built to mislead; names that look like options. test_capture.c plays
 * them whole. */
#include "capture/capture.h"

#include "base/paths.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#undef stop /* cmocka 2 has a macro of that name */

static char folder[] = "/tmp/unknot-replay-XXXXXX";
static char *clip;
static size_t clip_size, starts[49]; /* where each picture of the clip begins, and its end */

static const char *in_folder(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const void *data, size_t size)
{
	struct error error;
	if (!path_write_file(in_folder(name), data, size, &error))
		fail_msg("%s", error.text);
}

/* The clip has no thumbnails, so that every FF D8 FF begins a picture. */
static int load(void **state)
{
	struct error error;
	int n = 0;
	(void)state;
	clip = path_read_file(UNKNOT_TEST_DATA "/clip/slouch.mjpg", 1 << 24, &clip_size, &error);
	if (clip == NULL || mkdtemp(folder) == NULL)
		return -1;
	for (size_t i = 0; i + 3 <= clip_size && n < 48; i++)
		if (memcmp(clip + i, "\xff\xd8\xff", 3) == 0)
			starts[n++] = i;
	starts[48] = clip_size;
	return n == 48 ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	free(clip);
	return rmdir(folder);
}

struct played {
	int good, corrupt;
	uint64_t last;
};

/* Plays to the end, or to `most` pictures. */
static struct played play(const char *options, const char *name, int most)
{
	struct error error = {0};
	struct frame f;
	struct played p = {0};
	char spec[256];
	snprintf(spec, sizeof spec, "replay:%s%s", in_folder(name), options);
	struct capture *c = capture_replay(spec, &error);
	if (c == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(c->ops->start(c, &error), CAPTURE_FRAME);
	while (p.good + p.corrupt < most) {
		error.text[0] = '\0';
		enum capture_status got = c->ops->read(c, 1, &f, &error);
		if (got == CAPTURE_END)
			break;
		if (got == CAPTURE_FRAME) {
			p.good++;
			p.last = f.sequence;
			assert_true(f.width > 0 && f.height > 0);
		} else {
			assert_int_equal(got, CAPTURE_CORRUPT);
			assert_true(error.text[0] != '\0');
			p.corrupt++;
		}
	}
	c->ops->stop(c);
	c->ops->free(c);
	return p;
}

/* The first three pictures with `size` bytes at `at` of the first replaced. */
static struct played play_three(size_t at, const void *bytes, size_t size)
{
	char *three = malloc(starts[3]);
	memcpy(three, clip, starts[3]);
	memcpy(three + at, bytes, size);
	write_file("a.mjpg", three, starts[3]);
	free(three);
	struct played p = play("", "a.mjpg", 100);
	unlink(in_folder("a.mjpg"));
	return p;
}

static void damage_costs_one_picture(void **state)
{
	(void)state;
	/* In the scan: a marker with a length that leads far into the pictures behind. */
	struct played p = play_three(starts[1] - 900, "\xff\xc4\xff\xff", 4);
	assert_int_equal(p.good, 2);
	assert_int_equal(p.corrupt, 1);
	p = play_three(starts[1] / 2, "\xff\xe1\xf0\x00", 4);
	assert_int_equal(p.good, 2);
	/* In the header: the length of the first segment. One of 64 kB covers the next picture's
	 * start too: nothing else tells it from a thumbnail. */
	p = play_three(4, "\xff\xff", 2);
	assert_int_equal(p.good, 1);
	p = play_three(4, "\0\0", 2);
	assert_int_equal(p.good, 2);
	/* The end marker lost: the next picture begins before this one ends. The picture itself is
	 * whole. */
	p = play_three(starts[1] - 2, "\0\0", 2);
	assert_int_equal(p.good + p.corrupt, 3);
	assert_true(p.good >= 2);
}

/* A segment that holds a whole JPEG, as cameras put thumbnails there. */
static void a_thumbnail_is_not_a_picture(void **state)
{
	(void)state;
	static const unsigned char tiny[] = {0xff, 0xd8, 0xff, 0xdb, 0, 4, 1, 2, 0xff, 0xd9,
	                                     0xff, 0xd8, 0xff, 0xd9};
	const size_t extra = 4 + sizeof tiny;
	char *two = malloc(starts[2] + extra);
	memcpy(two, clip, 2);
	memcpy(two + 2, "\xff\xe1\0", 3);
	two[5] = (char)(2 + sizeof tiny);
	memcpy(two + 6, tiny, sizeof tiny);
	memcpy(two + 2 + extra, clip + 2, starts[2] - 2);
	write_file("a.mjpg", two, starts[2] + extra);
	free(two);
	struct played p = play("", "a.mjpg", 100);
	assert_int_equal(p.good, 2);
	assert_int_equal(p.corrupt, 0);
	unlink(in_folder("a.mjpg"));
}

/* What stands between pictures, as in a multipart stream, is passed over. */
static void words_between_pictures_do_not_matter(void **state)
{
	(void)state;
	static const char words[] = "\r\n--frame\r\nContent-Type: image/jpeg\r\n\r\n\xff\xff\xd8";
	char *file = malloc(starts[3] + 4 * sizeof words);
	size_t size = 0;
	for (int i = 0; i < 3; i++) {
		memcpy(file + size, words, sizeof words);
		size += sizeof words;
		memcpy(file + size, clip + starts[i], starts[i + 1] - starts[i]);
		size += starts[i + 1] - starts[i];
	}
	memcpy(file + size, words, sizeof words);
	write_file("a.mjpg", file, size + sizeof words);
	free(file);
	struct played p = play("", "a.mjpg", 100);
	assert_int_equal(p.good, 3);
	assert_int_equal(p.corrupt, 0);
	unlink(in_folder("a.mjpg"));
}

static void every_cut_ends(void **state)
{
	(void)state;
	for (size_t cut = 1; cut < starts[2]; cut += cut < 700 || cut + 40 > starts[1] ? 61
	                                                                               : 4001) {
		write_file("a.mjpg", clip, cut);
		struct played p = play("", "a.mjpg", 100);
		assert_true(p.good <= 2 && p.good + p.corrupt <= 2);
		if (cut > starts[1])
			assert_true(p.good >= 1);
	}
	unlink(in_folder("a.mjpg"));
}

/* Nothing but starts: each is a picture that is not whole; repeating it for ever helps nobody. */
static void a_loop_without_a_good_picture_ends(void **state)
{
	(void)state;
	char junk[3000];
	for (size_t i = 0; i < sizeof junk; i += 3)
		memcpy(junk + i, "\xff\xd8\xff", 3);
	write_file("a.mjpg", junk, sizeof junk);
	struct played p = play(",loop", "a.mjpg", 100000);
	assert_int_equal(p.good, 0);
	assert_true(p.corrupt >= 990 && p.corrupt <= 1000);
	write_file("a.mjpg", "no picture at all", 17);
	p = play(",loop", "a.mjpg", 100);
	assert_int_equal(p.good + p.corrupt, 0);
	unlink(in_folder("a.mjpg"));
}

static void names_that_look_like_options(void **state)
{
	(void)state;
	static const char *const names[] = {"clip@2", "clip,loop", "clip@x.mjpg"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		write_file(names[i], clip, starts[2]);
		assert_int_equal(play("", names[i], 10).good, 2);
		assert_int_equal(play(",loop", names[i], 10).good, 10);
		assert_int_equal(play("@5", names[i], 10).good, 2);
		assert_int_equal(play("@5,loop", names[i], 10).good, 10);
		unlink(in_folder(names[i]));
	}
	struct error error;
	static const char *const wrong[] = {"replay:", "replay:,loop",
	                                    "replay:@5", "replay:/nonexistent@5",
	                                    "replay:/nonexistent@", "replay:/nonexistent@nan",
	                                    "replay:/nonexistent@1e9",
	                                    "replay:/dev/null", "replay:/dev"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		error.text[0] = '\0';
		assert_null(capture_replay(wrong[i], &error));
		assert_true(error.text[0] != '\0');
	}
	char lengthy[8192];
	memset(lengthy, 'a', sizeof lengthy - 1);
	lengthy[sizeof lengthy - 1] = '\0';
	assert_null(capture_replay(lengthy, &error));
}

/* In a folder: pictures in name order; what is none is told and passed. A pipe does not stop us. */
static void a_folder_holds_anything(void **state)
{
	(void)state;
	write_file("1.jpg", clip, starts[1]);
	write_file("2.JPG", "not a JPEG", 10);
	write_file("3.jpeg", clip + starts[1], starts[2] - starts[1]);
	write_file("4.jpg", "", 0);
	write_file("notes.txt", "x", 1);
	assert_int_equal(mkfifo(in_folder("5.jpg"), 0600), 0);
	assert_int_equal(mkdir(in_folder("6.jpg"), 0700), 0);
	struct played p = play("", "", 100);
	assert_int_equal(p.good, 2);
	assert_int_equal(p.corrupt, 3);
	assert_int_equal(play(",loop", "", 50).good, 20);
	unlink(in_folder("1.jpg"));
	unlink(in_folder("2.JPG"));
	unlink(in_folder("3.jpeg"));
	unlink(in_folder("4.jpg"));
	unlink(in_folder("5.jpg"));
	unlink(in_folder("notes.txt"));
	rmdir(in_folder("6.jpg"));
}

/* Somebody cuts the file while it plays: what was there at the beginning is played. */
static void a_file_that_shrinks(void **state)
{
	(void)state;
	char spec[256];
	struct error error;
	struct frame f;
	write_file("a.mjpg", clip, clip_size);
	snprintf(spec, sizeof spec, "replay:%s", in_folder("a.mjpg"));
	struct capture *c = capture_replay(spec, &error);
	assert_non_null(c);
	assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_FRAME);
	assert_int_equal(truncate(in_folder("a.mjpg"), 0), 0);
	for (int i = 1; i < 48; i++)
		assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_FRAME);
	assert_int_equal(c->ops->read(c, 1, &f, &error), CAPTURE_END);
	c->ops->free(c);
	unlink(in_folder("a.mjpg"));
}

static size_t in_use(void)
{
	return mallinfo2().uordblks;
}

/* Round after round over the same pictures, good and bad, nothing is kept. */
static void memory_does_not_grow(void **state)
{
	(void)state;
	char *data = malloc(starts[3]), spec[256];
	struct error error;
	struct frame f;
	memcpy(data, clip, starts[3]);
	memset(data + starts[1] + 2000, 0xff, 3000);
	write_file("a.mjpg", data, starts[3]);
	free(data);
	snprintf(spec, sizeof spec, "replay:%s,loop", in_folder("a.mjpg"));
	struct capture *c = capture_replay(spec, &error);
	assert_non_null(c);
	for (int i = 0; i < 9; i++)
		c->ops->read(c, 1, &f, &error);
	const size_t before = in_use();
	for (int i = 0; i < 90; i++)
		c->ops->read(c, 1, &f, &error);
	assert_int_equal(in_use(), before);
	c->ops->free(c);
	unlink(in_folder("a.mjpg"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damage_costs_one_picture),
		cmocka_unit_test(a_thumbnail_is_not_a_picture),
		cmocka_unit_test(words_between_pictures_do_not_matter),
		cmocka_unit_test(every_cut_ends),
		cmocka_unit_test(a_loop_without_a_good_picture_ends),
		cmocka_unit_test(names_that_look_like_options),
		cmocka_unit_test(a_folder_holds_anything),
		cmocka_unit_test(a_file_that_shrinks),
		cmocka_unit_test(memory_does_not_grow),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
