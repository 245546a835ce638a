/* Whether a profile is of this person and place: the rule on numbers, then on the demo clip with
 * profiles that were made somebody else's. */
#include "capture/capture.h"
#include "geometry/match.h"
#include "sample/sample.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- the rule ---- */

/* Looks after which a newcomer is noticed at the latest. */
enum { SITTING_LONG = 60 };

/* The owner's face is the mean one; one that is `off` in every direction is likelier the owner's up
 * to 1.6, and somebody else's by a logarithm of 4 at 2.4, 8 at 3 and 24 at 4.6 (of 30 looks). */
static struct match_look face_off(double off, double share, double away)
{
	struct match_look look = {.misfit_mm = 1, .share = share, .away_mm = away, .own_looks = 1};
	for (int i = 0; i < IDENTITY_SIZE; i++)
		look.seen.along[i] = off;
	return look;
}

static enum match after(struct matcher *m, int looks, double off, double share, double away)
{
	const struct match_look look = face_off(off, share, away);
	const bool seen = true;
	for (int i = 0; i < looks; i++)
		matcher_step(m, &look, &seen, 1);
	return m->state;
}

static void few_looks_decide_nothing(void **state)
{
	(void)state;
	struct matcher m;
	matcher_init(&m);
	assert_int_equal(after(&m, 2, 9, 3, 9000), MATCH_UNKNOWN);
	assert_int_equal(after(&m, 1, 9, 3, 9000), MATCH_OTHER_PERSON);
	assert_int_equal(after(&m, 1, 9, 3, 9000), MATCH_OTHER_PERSON);
	matcher_init(&m);
	assert_int_equal(after(&m, 5, 0, 0.4, 100), MATCH_FITS);
	matcher_init(&m);
	assert_int_equal(after(&m, 4, 0, 0.4, 500), MATCH_UNKNOWN);
	assert_int_equal(after(&m, 1, 0, 0.4, 500), MATCH_OTHER_PLACE);
}

static double evidence_of(double off, double share)
{
	const struct match_look look = face_off(off, share, 0);
	return identity_log_ratio(&look.own, 1, &look.seen, 30) - 10 * log(share / 0.5);
}

/* The face that gives so much evidence at a share of 0.6. */
static double off_for(double evidence)
{
	double off = 0;
	while (evidence_of(off, 0.6) > evidence)
		off += 0.001;
	return off;
}

static void a_stranger_is_refused_and_stays_one(void **state)
{
	(void)state;
	const double better = off_for(-3.7), near = off_for(-4.5), doubtful = off_for(-6),
	             clear = off_for(-7.5);
	struct matcher m;
	matcher_init(&m);
	assert_int_equal(after(&m, 200, near, 0.6, 50), MATCH_FITS);
	assert_int_equal(after(&m, 200, doubtful, 0.6, 50), MATCH_DOUBT);
	assert_true(match_asks(m.state) && !match_is_wrong(m.state));
	/* Between the limits nothing changes, from either side. */
	assert_int_equal(after(&m, 200, near, 0.6, 50), MATCH_DOUBT);
	assert_int_equal(after(&m, 200, clear, 0.6, 50), MATCH_OTHER_PERSON);
	assert_int_equal(after(&m, 200, doubtful, 0.6, 50), MATCH_OTHER_PERSON);
	assert_int_equal(after(&m, 200, near, 0.6, 50), MATCH_DOUBT);
	assert_int_equal(after(&m, 200, better, 0.6, 50), MATCH_FITS);
	assert_int_equal(after(&m, 200, near, 0.6, 50), MATCH_FITS);
	assert_int_equal(after(&m, 15, 0, 0.4, 420), MATCH_FITS);
	assert_int_equal(after(&m, 15, 0, 0.4, 460), MATCH_OTHER_PLACE);
	assert_int_equal(after(&m, 15, 0, 0.4, 420), MATCH_OTHER_PLACE);
	assert_int_equal(after(&m, 15, 0, 0.4, 370), MATCH_FITS);
}

/* Who comes nearer, bows or laughs as nobody did of whom people were learnt, but still fits the own
 * shape far better than the mean face, is nobody else. And a picture so bad that both fit it as
 * badly is nobody else either, while the proportions are the owner's. */
static void both_witnesses_must_agree(void **state)
{
	(void)state;
	struct matcher m;
	matcher_init(&m);
	assert_int_equal(after(&m, 60, 6, 0.44, 50), MATCH_FITS);
	assert_int_equal(after(&m, 60, 6, 0.48, 50), MATCH_DOUBT);
	assert_int_equal(after(&m, 60, 6, 0.55, 50), MATCH_OTHER_PERSON);
	matcher_init(&m);
	assert_int_equal(after(&m, 60, 0, 1, 50), MATCH_FITS);
	/* What speaks more against the owner leaves less to the other. */
	matcher_init(&m);
	assert_int_equal(after(&m, 60, off_for(-4.5), 0.6, 50), MATCH_FITS);
	assert_int_equal(after(&m, 60, off_for(-4.5), 0.8, 50), MATCH_OTHER_PERSON);
}

/* Looks to all sides of the owner's are the owner's in the mean; as far to one side, somebody
 * else's. A change of people shows within a sitting. */
static void many_looks_tell_what_few_do_not(void **state)
{
	(void)state;
	struct matcher m;
	int looks = 0;
	matcher_init(&m);
	for (int i = 0; i < 60; i++) {
		after(&m, 1, i % 2 ? 5 : -5, 0.7, 50);
		assert_false(match_is_wrong(m.state) && i > 8);
	}
	/* So do shares: what some looks have is not what the sitting has. */
	matcher_init(&m);
	for (int i = 0; i < 60; i++)
		assert_false(match_is_wrong(after(&m, 1, 6, i % 2 ? 0.7 : 0.3, 50)));
	matcher_init(&m);
	assert_int_equal(after(&m, 60, 0, 0.3, 50), MATCH_FITS);
	while (after(&m, 1, 5, 0.9, 50) != MATCH_OTHER_PERSON)
		assert_true(++looks < SITTING_LONG);
	assert_true(looks > 3);
}

/* Who is usually at 0.6 may be at 0.65 with a face so far off; who is usually at 0.3 not, and
 * nobody at 0.75. */
static void the_limit_learns_its_owner(void **state)
{
	(void)state;
	struct matcher m;
	matcher_init(&m);
	assert_int_equal(after(&m, 90, 0, 0.52, 50), MATCH_FITS);
	assert_int_equal(after(&m, 90, 6, 0.54, 50), MATCH_FITS);
	assert_int_equal(after(&m, 90, 6, 0.6, 50), MATCH_DOUBT);
	assert_int_equal(after(&m, 90, 6, 0.68, 50), MATCH_OTHER_PERSON);
	matcher_init(&m);
	assert_int_equal(after(&m, 90, 0, 0.3, 50), MATCH_FITS);
	assert_int_equal(after(&m, 90, 6, 0.6, 50), MATCH_OTHER_PERSON);
	matcher_init(&m);
	assert_int_equal(after(&m, 90, 0, 0.9, 50), MATCH_FITS);
	assert_int_equal(after(&m, 90, 6, 0.7, 50), MATCH_OTHER_PERSON);
	/* A stranger who is not noticed teaches nothing. */
	matcher_init(&m);
	assert_int_equal(after(&m, 90, 6, 0.44, 50), MATCH_FITS);
	assert_int_equal(after(&m, 90, 6, 0.55, 50), MATCH_OTHER_PERSON);
}

static void the_better_of_two_comes_into_force(void **state)
{
	(void)state;
	struct matcher m;
	/* The same person, sitting and standing before a camera on the wall. */
	const struct match_look here = {.misfit_mm = 0.7, .share = 0.4, .own_looks = 1};
	struct match_look sitting[2] = {here, here}, standing[2] = {here, here},
	                  alike[2] = {here, here}, other_way[2] = {here, here};
	sitting[0].away_mm = standing[1].away_mm = alike[1].away_mm = other_way[0].away_mm = 30;
	sitting[1].away_mm = standing[0].away_mm = 320;
	alike[0].away_mm = other_way[1].away_mm = 60;
	sitting[1].misfit_mm = standing[1].misfit_mm = 0.8;
	const bool seen[2] = {true, true};
	matcher_init(&m);
	for (int i = 0; i < MATCH_LOOKS; i++)
		matcher_step(&m, sitting, seen, 2);
	assert_int_equal(m.current, 0);
	for (int i = 0; i < 6; i++)
		matcher_step(&m, standing, seen, 2);
	assert_int_equal(m.current, 0);
	for (int i = 6; i < MATCH_LOOKS; i++)
		matcher_step(&m, standing, seen, 2);
	assert_int_equal(m.current, 1);
	assert_int_equal(m.state, MATCH_FITS);
	/* A little better is no reason to change. */
	for (int i = 0; i < 40; i++)
		matcher_step(&m, other_way, seen, 2);
	assert_int_equal(m.current, 1);
	/* Not seen from where this profile was made: the other one. */
	const bool second_hidden[2] = {true, false};
	matcher_init(&m);
	for (int i = 0; i < 10; i++)
		matcher_step(&m, alike, second_hidden, 2);
	assert_int_equal(m.current, 0);
	assert_int_equal(m.tracks[1].count, 0);
}

/* ---- on pictures ---- */

enum { FRAMES = 30 };
static struct sampler *sampler;
static struct profile profiles[4]; /* own, another's face, another place, perhaps another's face */
static struct sample sample;

static struct capture *open_clip(void)
{
	struct error error;
	struct capture *clip = capture_replay("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg@1,loop",
	                                      &error);
	if (clip == NULL)
		fail_msg("%s", error.text);
	assert_int_equal(clip->ops->start(clip, &error), CAPTURE_FRAME);
	return clip;
}

static void look(struct capture *clip)
{
	struct frame frame;
	struct error error;
	assert_int_equal(clip->ops->read(clip, 1, &frame, &error), CAPTURE_FRAME);
	sampler_run(sampler, &frame, &sample);
}

static int set_up(void **state)
{
	(void)state;
	struct error error;
	const struct sampler_config config = {.pose_model = NET_POSE_LITE,
	                                      .camera = camera_from_hfov(640, 480, 65),
	                                      .posture = posture_config_default()};
	sampler = sampler_create(&config, &error);
	if (sampler == NULL) {
		print_error("%s\n", error.text);
		return -1;
	}
	struct capture *clip = open_clip();
	look(clip);
	const struct calibration_view view = {&sample.face, &sample.pose,
	                                      sample.width, sample.height};
	if (!profile_make(&profiles[0], sampler_camera(sampler), &view, 1, 60, &error)) {
		print_error("%s\n", error.text);
		return -1;
	}
	clip->ops->free(clip);
	profiles[1] = profiles[2] = profiles[3] = profiles[0];
	/* A face a fifth longer: somebody else's. An eighth: who knows. */
	for (int i = 0; i < FACE_POINTS; i++) {
		profiles[1].shape[i][1] *= 1.2f;
		profiles[3].shape[i][1] *= 1.13f;
	}
	/* Farther away: to the side, the shape of a face would be another. */
	profiles[2].eye_world_mm[1] += 500;
	static const char *const names[] = {"own", "face", "place", "doubt"};
	for (int i = 0; i < 4; i++)
		snprintf(profiles[i].name, sizeof profiles[i].name, "%s", names[i]);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sampler_free(sampler);
	return 0;
}

/* How often the match was the wanted one, and nothing else was asked about; where that is a doubt
 * it may become more in the end. */
static int run_clip(enum match wanted)
{
	struct capture *clip = open_clip();
	int count = 0;
	sampler_reset(sampler);
	for (int i = 0; i < FRAMES; i++) {
		look(clip);
		if (!match_asks(sample.match))
			continue;
		count += sample.match == wanted;
		assert_true(sample.match == wanted || wanted == MATCH_DOUBT);
		assert_string_equal(sample.verdict.reasons[sample.verdict.reason_count - 1],
		                    match_text(sample.match));
		/* A doubt is said, and the verdict stands. */
		assert_int_equal(sample.verdict.label == POSTURE_UNKNOWN,
		                 match_is_wrong(sample.match));
	}
	clip->ops->free(clip);
	return count;
}

/* The look that the profile was made of, with the head turned by so much or elsewhere by so many
 * mm. */
static bool look_of(double yaw_deg, double pitch_deg, double down_mm, double away_mm,
                    struct match_look *out)
{
	struct capture *clip = open_clip();
	sampler_reset(sampler);
	sampler_set_profile(sampler, &profiles[0]);
	look(clip);
	clip->ops->free(clip);
	struct head_pose head = sample.head;
	const double yaw = yaw_deg * M_PI / 180, pitch = pitch_deg * M_PI / 180;
	const double x = head.rotation[0][2], y = head.rotation[1][2], z = head.rotation[2][2];
	head.rotation[0][2] = cos(yaw) * x + sin(yaw) * z;
	const double ahead = cos(yaw) * z - sin(yaw) * x;
	head.rotation[1][2] = cos(pitch) * y + sin(pitch) * ahead;
	head.rotation[2][2] = cos(pitch) * ahead - sin(pitch) * y;
	head.translation[1] += down_mm;
	head.translation[2] += away_mm;
	return match_look(sampler_camera(sampler), &profiles[0], &sample.face,
	                  sample.width, sample.height, &head, out);
}

/* A profile tells people apart from near its own direction, and places by where nobody gets sitting
 * there: nearer and lower, not farther and higher. */
static void looks_count_from_the_profiles_own_direction(void **state)
{
	(void)state;
	struct match_look own, there;
	assert_true(look_of(0, 0, 0, 0, &own));
	assert_true(own.away_mm < 30);
	for (int side = -1; side <= 1; side += 2) {
		assert_true(look_of(side * 29, 0, 0, 0, &there));
		assert_false(look_of(side * 31, 0, 0, 0, &there));
		assert_true(look_of(0, side * 29, 0, 0, &there));
		assert_false(look_of(0, side * 31, 0, 0, &there));
	}
	assert_true(look_of(0, 0, 0, 300, &there) && there.away_mm < 30);
	assert_true(look_of(0, 0, -300, 0, &there) && there.away_mm < 30);
	assert_true(look_of(0, 0, 0, -300, &there) && there.away_mm > 270);
	assert_true(look_of(0, 0, 300, 0, &there) && there.away_mm > 270);
}

/* How the clip's 20th look fits a profile of its first, with that field of view told. */
static struct match_look look_told(double hfov_deg)
{
	static struct sample first;
	const struct camera told = camera_from_hfov(640, 480, hfov_deg);
	const struct calibration_view view = {&first.face, &first.pose, 640, 480};
	struct capture *clip = open_clip();
	struct match_look out;
	struct head_pose head;
	struct profile p;
	struct error error;
	sampler_reset(sampler);
	look(clip);
	first = sample;
	for (int i = 1; i < 20; i++)
		look(clip);
	clip->ops->free(clip);
	if (!profile_make(&p, &told, &view, 1, 0, &error))
		fail_msg("%s", error.text);
	head_pose_fit(&told, &p, &sample.face, 640, 480, &head);
	assert_true(match_look(&told, &p, &sample.face, 640, 480, &head, &out));
	return out;
}

/* A wrong field of view is in the profile, and not in the mean face. */
static void what_lens_is_told_tells_nobody(void **state)
{
	(void)state;
	const struct match_look narrow = look_told(43), wide = look_told(78);
	if (fabs(narrow.share - wide.share) > 0.01 ||
	    fabs(narrow.misfit_mm - wide.misfit_mm) > 0.02)
		fail_msg("share %.3f and %.3f, misfit %.3f and %.3f mm", narrow.share, wide.share,
		         narrow.misfit_mm, wide.misfit_mm);
	assert_true(narrow.misfit_mm > 0.1 && narrow.misfit_mm < 1);
}

static void the_own_profile_always_fits(void **state)
{
	(void)state;
	sampler_set_profile(sampler, &profiles[0]);
	assert_int_equal(run_clip(MATCH_UNKNOWN), 0);
	assert_int_equal(sample.match, MATCH_FITS);
	assert_string_equal(sampler_profile(sampler)->name, "own");
}

static void another_face_or_place_is_not_judged(void **state)
{
	(void)state;
	sampler_set_profile(sampler, &profiles[1]);
	assert_true(run_clip(MATCH_OTHER_PERSON) >= FRAMES - 10);
	sampler_set_profile(sampler, &profiles[2]);
	assert_true(run_clip(MATCH_OTHER_PLACE) >= FRAMES - 10);
	sampler_set_profile(sampler, &profiles[3]);
	assert_true(run_clip(MATCH_DOUBT) >= FRAMES / 3);
}

static void of_three_the_own_is_chosen(void **state)
{
	(void)state;
	const struct profile order[3] = {profiles[1], profiles[2], profiles[0]};
	sampler_set_profiles(sampler, order, 3);
	run_clip(MATCH_UNKNOWN);
	assert_string_equal(sampler_profile(sampler)->name, "own");
	assert_int_equal(sample.match, MATCH_FITS);
}

/* The clip as a camera sees it that was turned by so many pixels. */
static int run_turned(int right, int down, int frames, double drops[])
{
	static uint8_t pixels[640 * 480 * 3];
	struct capture *clip = open_clip();
	int moved = 0;
	for (int i = 0; i < frames; i++) {
		struct frame frame;
		struct error error;
		assert_int_equal(clip->ops->read(clip, 1, &frame, &error), CAPTURE_FRAME);
		assert_true(frame.width == 640 && frame.height == 480);
		for (int y = 0; y < 480; y++)
			for (int x = 0; x < 640; x++) {
				const int from_x = x - right < 0 ? 0
				                   : x - right > 639 ? 639 : x - right;
				const int from_y = y - down < 0 ? 0
				                   : y - down > 479 ? 479 : y - down;
				float rgb[3];
				frame_pixel(&frame, from_x, from_y, rgb);
				for (int k = 0; k < 3; k++)
					pixels[3 * (640 * y + x) + k] = (uint8_t)rgb[k];
			}
		const struct frame turned = {.format = PIXEL_RGB24, .full_range = 1,
		                             .width = 640, .height = 480,
		                             .plane = {pixels}, .stride = {640 * 3},
		                             .seconds = frame.seconds};
		sampler_run(sampler, &turned, &sample);
		assert_int_not_equal(sample.match, MATCH_OTHER_PLACE);
		moved += sample.camera_turned;
		drops[i] = sample.measures.m[MEASURE_EYE_DROP].value;
	}
	clip->ops->free(clip);
	return moved;
}

/* What the eyes seem to move with it is taken out again: 60 px are 6.8 cm at 60. */
static void a_camera_that_is_moved_while_watching_is_followed(void **state)
{
	(void)state;
	static const int turns[][2] = {{0, 60}, {70, 0}, {-50, -50}};
	double drops[FRAMES], turned_drops[FRAMES];
	for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
		double off = 0;
		sampler_set_profile(sampler, &profiles[0]);
		sampler_reset(sampler);
		assert_int_equal(run_turned(0, 0, 12, drops), 0);
		const int followed = run_turned(turns[i][0], turns[i][1], 12, turned_drops);
		for (int k = 4; k < 12; k++)
			off += fabs(turned_drops[k] - drops[k]) / 8;
		print_message("turned by %d, %d px: followed in %d of 12 looks, drop off %.1f cm\n",
		              turns[i][0], turns[i][1], followed, off);
		assert_true(followed >= 10);
		assert_true(off < 0.7);
		/* And back. */
		assert_true(run_turned(0, 0, 12, drops) <= 2);
	}
}

static void an_empty_chair_forgets_who_sat_there(void **state)
{
	(void)state;
	static uint8_t grey[640 * 480];
	for (int i = 0; i < 640 * 480; i++)
		grey[i] = (uint8_t)(90 + (i / 640 / 60 + i % 640 / 80) % 2 * 60);
	struct frame empty = {.format = PIXEL_GREY, .full_range = 1, .width = 640, .height = 480,
	                      .plane = {grey}, .stride = {640}};
	sampler_set_profile(sampler, &profiles[1]);
	run_clip(MATCH_OTHER_PERSON);
	assert_int_equal(sample.match, MATCH_OTHER_PERSON);
	for (int i = 0; i < 3; i++) {
		empty.seconds = 1000 + 10 * i;
		sampler_run(sampler, &empty, &sample);
		assert_int_equal(sample.presence, PRESENCE_AWAY);
	}
	struct capture *clip = open_clip();
	look(clip);
	assert_int_equal(sample.match, MATCH_UNKNOWN);
	clip->ops->free(clip);
}

int main(void)
{
	const struct CMUnitTest rules[] = {
		cmocka_unit_test(few_looks_decide_nothing),
		cmocka_unit_test(a_stranger_is_refused_and_stays_one),
		cmocka_unit_test(both_witnesses_must_agree),
		cmocka_unit_test(many_looks_tell_what_few_do_not),
		cmocka_unit_test(the_limit_learns_its_owner),
		cmocka_unit_test(the_better_of_two_comes_into_force),
	};
	const struct CMUnitTest pictures[] = {
		cmocka_unit_test(looks_count_from_the_profiles_own_direction),
		cmocka_unit_test(what_lens_is_told_tells_nobody),
		cmocka_unit_test(the_own_profile_always_fits),
		cmocka_unit_test(another_face_or_place_is_not_judged),
		cmocka_unit_test(of_three_the_own_is_chosen),
		cmocka_unit_test(a_camera_that_is_moved_while_watching_is_followed),
		cmocka_unit_test(an_empty_chair_forgets_who_sat_there),
	};
	return cmocka_run_group_tests(rules, NULL, NULL) |
	       cmocka_run_group_tests(pictures, set_up, tear_down);
}
