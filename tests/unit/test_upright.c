/* How the camera hangs: turned pictures by frame_pixel(), a turned lens by the way to the pixel and
 * back, the rule on numbers, then on the demo clip hung in four ways. */
#include "capture/capture.h"
#include "image/turn.h"
#include "sample/sample.h"
#include "sample/upright.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- pictures and lenses ---- */

enum { WIDTH = 7, HEIGHT = 5, STRIDE = 40 };

static void a_turned_picture_has_its_pixels_elsewhere(void **state)
{
	(void)state;
	static const enum pixel_format formats[] = {PIXEL_RGB24, PIXEL_GREY,
	                                            PIXEL_YUYV, PIXEL_NV12,
	                                            PIXEL_YUV420, PIXEL_YUV422, PIXEL_YUV444};
	uint8_t pixels[3][STRIDE * HEIGHT];
	for (int i = 0; i < 3 * STRIDE * HEIGHT; i++)
		pixels[i / (STRIDE * HEIGHT)][i % (STRIDE * HEIGHT)] = (uint8_t)(i * 37 + i / 11);
	struct turned room = {0};
	for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
		for (int quarters = 0; quarters < 4; quarters++) {
			const struct frame frame = {.format = formats[f],
			                            .width = WIDTH, .height = HEIGHT,
			                            .full_range = 1,
			                            .plane = {pixels[0], pixels[1], pixels[2]},
			                            .stride = {STRIDE, STRIDE, STRIDE},
			                            .sequence = 8};
			struct frame turned;
			assert_true(frame_turn(&room, &frame, quarters, &turned));
			assert_int_equal(turned.width, quarters % 2 != 0 ? HEIGHT : WIDTH);
			assert_int_equal(turned.sequence, 8);
			for (int y = 0; y < HEIGHT; y++)
				for (int x = 0; x < WIDTH; x++) {
					float before[3], after[3];
					const int tx[] = {x, HEIGHT - 1 - y, WIDTH - 1 - x, y};
					const int ty[] = {y, x, HEIGHT - 1 - y, WIDTH - 1 - x};
					frame_pixel(&frame, x, y, before);
					frame_pixel(&turned, tx[quarters], ty[quarters], after);
					assert_memory_equal(before, after, sizeof before);
				}
		}
	free(room.pixels);
}

static void a_turned_lens_sees_the_same(void **state)
{
	(void)state;
	struct camera c = camera_from_hfov(640, 480, 65);
	c.cx = 300;
	c.cy = 250;
	c.fx = 505;
	memcpy(c.distortion, (double[]){0.1, -0.05, 0.003, -0.007, 0.01}, sizeof c.distortion);
	const struct camera turned = camera_turned(&c, 1), same = camera_turned(&turned, -1);
	const double cam[3] = {100, -60, 500}, aside[3] = {60, 100, 500};
	double pixel[2], there[2];
	assert_memory_equal(c.distortion, same.distortion, sizeof c.distortion);
	assert_true(same.fx == c.fx && same.fy == c.fy && same.cx == c.cx &&
	            same.cy == c.cy && same.turn == 0);
	assert_int_equal(turned.turn, 1);
	assert_int_equal(turned.width, 480);
	assert_true(camera_project(&c, cam, pixel) && camera_project(&turned, aside, there));
	assert_true(fabs(there[0] - (480 - pixel[1])) < 1e-9 && fabs(there[1] - pixel[0]) < 1e-9);
}

/* ---- the rule ---- */

static struct pose_result body(double eyes_deg, double shoulders_deg, double up_deg)
{
	struct pose_result p = {.found = true};
	const double degree = M_PI / 180, size = 0.1;
	const double eye_x = 0.5 + 2 * size * sin(up_deg * degree),
	             eye_y = 0.5 - 2 * size * cos(up_deg * degree);
	for (int side = -1; side <= 1; side += 2) {
		struct pose_landmark *eye = &p.landmarks[side > 0 ? POSE_LEFT_EYE : POSE_RIGHT_EYE];
		struct pose_landmark *shoulder =
			&p.landmarks[side > 0 ? POSE_LEFT_SHOULDER : POSE_RIGHT_SHOULDER];
		eye->x = (float)(eye_x + side * size / 2 * cos(eyes_deg * degree));
		eye->y = (float)(eye_y + side * size / 2 * sin(eyes_deg * degree));
		shoulder->x = (float)(0.5 + side * size * cos(shoulders_deg * degree));
		shoulder->y = (float)(0.5 + side * size * sin(shoulders_deg * degree));
	}
	return p;
}

static void eyes_shoulders_and_what_is_above_must_agree(void **state)
{
	(void)state;
	static const struct face_result no_face;
	static const struct {
		double eyes, shoulders, up;
		int off;
	} cases[] = {
		{0, 0, 0, 0}, {180, 180, 180, 2}, {90, 90, 90, 3}, {-90, -90, -90, 1},
		{170, -170, 160, 2},
		{0, 0, 180, 0},      /* head between the knees */
		{180, 180, 0, 0},    /* from behind */
		{60, 0, 20, 0},      /* a head on its shoulder */
		{45, 45, 45, 0}, {55, 62, 70, 0}, {65, 80, 70, 3}, {180, 90, 180, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct pose_result pose = body(cases[i].eyes, cases[i].shoulders,
		                                     cases[i].up);
		assert_int_equal(upright_off(&no_face, &pose, 500, 500), cases[i].off);
	}
	static const struct pose_result nobody;
	static struct face_result face;
	assert_int_equal(upright_off(&face, &nobody, 640, 480), -1);
	face.found = true;
	face.points[FACE_RIGHT_EYE_OUTER] = (struct face_point){0.6f, 0.5f, 0};
	face.points[FACE_LEFT_EYE_OUTER] = (struct face_point){0.4f, 0.5f, 0};
	face.points[FACE_FOREHEAD].y = 1;
	assert_int_equal(upright_off(&face, &nobody, 640, 480), 2);
	face.points[FACE_FOREHEAD].y = -1;
	assert_int_equal(upright_off(&face, &nobody, 640, 480), 0);
}

static void upside_down_is_believed_at_once_and_aside_in_time(void **state)
{
	(void)state;
	struct upright u;
	upright_init(&u, 0, false);
	assert_true(upright_step(&u, 3, true)); /* the first look */
	assert_int_equal(u.turn, 3);
	assert_false(upright_step(&u, 0, true));
	assert_false(upright_step(&u, 1, true));
	assert_false(upright_step(&u, 1, true));
	assert_false(upright_step(&u, 0, true));
	assert_false(upright_step(&u, 1, true));
	assert_false(upright_step(&u, 3, true));
	assert_false(upright_step(&u, 1, true));
	assert_false(upright_step(&u, 1, true));
	assert_int_equal(u.turn, 3);
	assert_true(upright_step(&u, 1, true));
	assert_int_equal(u.turn, 0);
	assert_true(upright_step(&u, 2, false));
	assert_int_equal(u.turn, 2);
	/* Nobody there undoes nothing. */
	for (int i = 0; i < 20; i++)
		assert_false(upright_step(&u, -1, false));
	assert_int_equal(u.turn, 2);

	upright_init(&u, 1, true); /* a profile: who lies on the sofa is no camera */
	for (int i = 0; i < 20; i++)
		assert_false(upright_step(&u, 3, true));
	assert_int_equal(u.turn, 1);
	assert_true(upright_step(&u, 2, true));
	assert_int_equal(u.turn, 3);
}

static void an_empty_room_is_tried_in_every_way(void **state)
{
	(void)state;
	static const int turns[] = {0, 0, 2, 0, 1, 0, 3, 0, 2, 0};
	struct upright u;
	upright_init(&u, 0, false);
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		assert_false(upright_step(&u, -1, false));
		assert_int_equal(u.turn, turns[i]);
	}
	assert_false(upright_step(&u, -1, false)); /* on its side now */
	assert_int_equal(u.turn, 1);
	assert_false(upright_step(&u, 0, false)); /* a body without a face is none */
	assert_int_equal(u.turn, 0);
	assert_false(upright_step(&u, -1, false));
	assert_int_equal(u.turn, 3);
	assert_false(upright_step(&u, 1, true)); /* nor is one that lies there too */
	assert_int_equal(u.turn, 0);
	assert_false(upright_step(&u, -1, false));
	assert_int_equal(u.turn, 2);
	assert_false(upright_step(&u, 0, true));
	assert_int_equal(u.turn, 2);
	for (int i = 0; i < 9; i++)
		assert_false(upright_step(&u, -1, false));
	assert_int_equal(u.turn, 2);
}

/* ---- on pictures ---- */

static struct sampler *sampler;
static struct sample straight, sample;
static struct turned hung, back;

static struct sampler *sampler_of(const struct camera *camera)
{
	struct error error;
	const struct sampler_config config = {.pose_model = NET_POSE_LITE, .camera = *camera,
	                                      .posture = posture_config_default()};
	struct sampler *s = sampler_create(&config, &error);
	if (s == NULL)
		fail_msg("%s", error.text);
	return s;
}

/* The clip's first picture, from a camera that hangs by so many quarters. It stays until the
 * next. */
static void hang(int quarters, struct frame *turned)
{
	struct frame frame;
	struct error error;
	struct capture *clip = capture_replay("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg@1,loop",
	                                      &error);
	if (clip == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(clip->ops->start(clip, &error), CAPTURE_FRAME);
	assert_int_equal(clip->ops->read(clip, 1, &frame, &error), CAPTURE_FRAME);
	if (quarters == 0) /* to the room's and back: the clip's own pixels go with it */
		assert_true(frame_turn(&hung, &frame, 2, turned) &&
		            frame_turn(&back, turned, 2, turned));
	else
		assert_true(frame_turn(&hung, &frame, quarters, turned));
	clip->ops->free(clip);
}

static void look(int quarters, struct sample *out)
{
	static double seconds;
	struct frame frame;
	hang(quarters, &frame);
	frame.seconds = seconds += 200; /* no track outlives that */
	sampler_run(sampler, &frame, out);
}

static void assert_same_person(int turn)
{
	assert_int_equal(sample.turn, turn);
	assert_int_equal(sample.presence, PRESENCE_PRESENT);
	assert_int_equal(sample.width, straight.width);
	assert_int_equal(sampler_frame(sampler)->height, straight.height);
	/* The same pixels, but for chroma that stands at full size: a millimetre and a tenth of a
	 * degree. */
	for (int i = MEASURE_EYE_DISTANCE; i <= MEASURE_HEAD_PITCH; i++) {
		assert_true(sample.measures.m[i].valid == straight.measures.m[i].valid);
		assert_true(!sample.measures.m[i].valid ||
		            fabs(sample.measures.m[i].value - straight.measures.m[i].value) < 0.1);
	}
}

static void however_it_hangs_the_person_is_upright(void **state)
{
	(void)state;
	struct error error;
	struct camera camera = camera_from_hfov(640, 480, 65);
	sampler = sampler_of(&camera);
	look(0, &straight);
	assert_int_equal(straight.turn, 0);
	assert_true(straight.measures.m[MEASURE_EYE_DISTANCE].valid);
	for (int quarters = 1; quarters < 4; quarters++) {
		sampler_reset(sampler);
		look(quarters, &sample);
		assert_same_person(4 - quarters);
	}
	sampler_reset(sampler);
	look(0, &sample);
	assert_same_person(0);

	/* A profile remembers it. */
	look(2, &sample);
	assert_same_person(2);
	static struct profile profile;
	const struct camera of_it = sampler_frame_camera(sampler, &sample);
	assert_int_equal(of_it.turn, 2);
	const struct calibration_view view = {&sample.face, &sample.pose,
	                                      sample.width, sample.height};
	if (!profile_make(&profile, &of_it, &view, 1, 60, &error))
		fail_msg("%s", error.text);
	profile.camera.turn = 3;
	sampler_set_profile(sampler, &profile);
	look(1, &sample);
	assert_int_equal(sample.turn, 3);
	look(0, &sample); /* on its side: with a profile, somebody who lies */
	assert_int_equal(sample.turn, 3);
	sampler_free(sampler);

	/* Forced, nothing is believed but that. */
	camera.turn_forced = true;
	sampler = sampler_of(&camera);
	look(2, &sample);
	assert_int_equal(sample.turn, 0);
	camera = camera_turned(&camera, 2);
	const struct posture_config posture = posture_config_default();
	sampler_configure(sampler, &camera, &posture);
	sampler_reset(sampler);
	look(2, &sample);
	assert_same_person(2);
	look(0, &sample);
	assert_int_equal(sample.turn, 2);
	sampler_free(sampler);
	free(hung.pixels);
	free(back.pixels);
}

/* For calibrate.sh: what `unknot` is given when the camera hangs so. */
static bool write_hung(int quarters, const char *path)
{
	struct frame frame;
	hang(quarters, &frame);
	FILE *file = fopen(path, "wb");
	uint8_t *rgb = malloc((size_t)frame.width * (size_t)frame.height * 3);
	bool good = file != NULL && rgb != NULL;
	if (good) {
		frame_to_rgb(&frame, rgb, frame.width * 3);
		good = fprintf(file, "P6 %d %d 255\n", frame.width, frame.height) > 0 &&
		       fwrite(rgb, 3, (size_t)frame.width * (size_t)frame.height, file) ==
		               (size_t)frame.width * (size_t)frame.height;
	}
	free(rgb);
	return file != NULL && fclose(file) == 0 && good;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "--write") == 0)
		return write_hung(atoi(argv[2]), argv[3]) ? 0 : 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_turned_picture_has_its_pixels_elsewhere),
		cmocka_unit_test(a_turned_lens_sees_the_same),
		cmocka_unit_test(eyes_shoulders_and_what_is_above_must_agree),
		cmocka_unit_test(upside_down_is_believed_at_once_and_aside_in_time),
		cmocka_unit_test(an_empty_room_is_tried_in_every_way),
		cmocka_unit_test(however_it_hangs_the_person_is_upright),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
