/* The live camera's manners: bursts, calls, unplugging, pauses, all on the real main loop with a
 * camera that plays the demo clip and fails when told to. */
#include "daemon/patience.h"
#include "daemon/watch.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a camera: atomic is what both threads touch while a look is under way ---- */

static struct fake {
	struct capture base;
	struct capture *clip;
	_Atomic enum capture_status start, read; /* CAPTURE_FRAME: works */
	struct frame last;               /* the same again while frozen */
	atomic_int starts, stops, frees, reads, discards;
	atomic_bool streaming;
	bool frozen, black;
	bool empty;                      /* a wall, and a sensor's noise */
	bool wanders;                    /* the exposure does: every second picture is dimmer */
	int black_first, silent_first;   /* reads after each start */
	int since_start;
	atomic_bool shut;                /* a start does not return until it is opened */
	atomic_int waiting;              /* starts that wait for that */
	uint8_t *dimmed;
} fake;

static void dim(struct frame *frame, int percent)
{
	const size_t size = (size_t)frame->stride[0] * (size_t)frame->height;
	uint8_t *dimmed = realloc(fake.dimmed, size);
	assert_non_null(dimmed);
	for (size_t i = 0; i < size; i++)
		dimmed[i] = (uint8_t)(frame->plane[0][i] * percent / 100);
	frame->plane[0] = fake.dimmed = dimmed;
}

static enum capture_status fake_start(struct capture *c, struct error *error)
{
	(void)c;
	error_set(error, 0, "fake camera: told to fail");
	for (fake.waiting = 1; fake.shut;)
		g_usleep(1000);
	fake.waiting = 0;
	if (fake.start != CAPTURE_FRAME)
		return fake.start;
	fake.starts++;
	fake.since_start = 0;
	fake.streaming = true;
	return CAPTURE_FRAME;
}

static void show_wall(struct frame *frame)
{
	enum { WIDTH = 640, HEIGHT = 480 };
	static uint8_t wall[WIDTH * HEIGHT];
	static uint32_t random = 5;
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		random = random * 1664525 + 1013904223;
		wall[i] = (uint8_t)(100 + i % WIDTH / 16 + (int)(random >> 29));
	}
	*frame = (struct frame){.format = PIXEL_GREY, .full_range = 1,
	                        .width = WIDTH, .height = HEIGHT,
	                        .plane = {wall}, .stride = {WIDTH}};
}

static enum capture_status fake_read(struct capture *c, double timeout_s, struct frame *frame,
                                     struct error *error)
{
	(void)c;
	assert_true(fake.streaming);
	fake.reads++;
	error_set(error, 0, "fake camera: told to fail");
	if (fake.read != CAPTURE_FRAME)
		return fake.read;
	if (++fake.since_start <= fake.silent_first)
		return CAPTURE_TIMEOUT;
	if (fake.frozen) {
		*frame = fake.last;
		return CAPTURE_FRAME;
	}
	if (fake.empty) {
		show_wall(frame);
		return CAPTURE_FRAME;
	}
	const enum capture_status got = fake.clip->ops->read(fake.clip, timeout_s, frame, error);
	const bool black = fake.black || fake.since_start <= fake.black_first;
	if (black || (fake.wanders && fake.reads % 2 == 0))
		dim(frame, black ? 1 : 60);
	fake.last = *frame;
	return got;
}

static void fake_discard(struct capture *c)
{
	(void)c;
	assert_true(fake.streaming);
	fake.discards++;
}

static void fake_stop(struct capture *c)
{
	(void)c;
	fake.stops += fake.streaming;
	fake.streaming = false;
}

static void fake_free(struct capture *c)
{
	(void)c;
	fake.frees++;
	fake.clip->ops->free(fake.clip);
	free(fake.dimmed);
}

static const struct capture_ops fake_ops = {fake_start, fake_read, fake_discard, fake_stop,
                                             fake_free};

/* ---- a daemon ---- */

static struct steps {
	int count, sampled, changes, offs;
	enum presence last;
	enum presence wanted;
	bool may_stream;
	GMainLoop *loop;
} steps;

static void on_step(void *user, struct instant now, const struct posture_sample *s,
                    const struct sample *sample)
{
	(void)user, (void)now;
	steps.count++;
	steps.sampled += sample != NULL;
	steps.last = s->presence;
	/* Between bursts the camera is let go: also while the sample is judged. */
	assert_true(!fake.streaming || steps.may_stream);
	if (s->presence == steps.wanted)
		g_main_loop_quit(steps.loop);
}

static void on_expect(void *user, struct pace_view *view)
{
	(void)user;
	view->wait_s = 0;
}

static void on_ended(void *user)
{
	(void)user;
	fail_msg("a live camera has no end");
}

static void on_changed(void *user)
{
	(void)user;
	steps.changes++;
}

static void on_off(void *user)
{
	(void)user;
	assert_false(fake.streaming);
	steps.offs++;
}

static gboolean on_deadline(gpointer user)
{
	(void)user;
	g_main_loop_quit(steps.loop);
	return G_SOURCE_REMOVE;
}

/* Runs until a step tells `wanted`, at most 60 s: beside twenty other programs 20 s were not
 * enough. */
static void run_until(enum presence wanted)
{
	steps.wanted = wanted;
	guint deadline = g_timeout_add_seconds(60, on_deadline, NULL);
	g_main_loop_run(steps.loop);
	assert_int_equal(steps.last, wanted);
	g_source_remove(deadline);
}

static void run_until_stopped(void)
{
	guint deadline = g_timeout_add_seconds(60, on_deadline, NULL);
	while (fake.stops == 0)
		g_main_context_iteration(NULL, true);
	g_source_remove(deadline);
}

static struct sampler *sampler;
static char node[64];

static struct watch *begin_in(double warmup_s, const char *state_dir, bool skips_waits)
{
	struct error error;
	memset(&fake, 0, sizeof fake);
	memset(&steps, 0, sizeof steps);
	fake.base.ops = &fake_ops;
	fake.base.live = true;
	strcpy(fake.base.name, "fake");
	strcpy(fake.base.id, "usb-fake");
	strcpy(fake.base.node, node);
	fake.clip = capture_replay("replay:" UNKNOT_TEST_DATA "/clip/slouch.mjpg,loop", &error);
	assert_non_null(fake.clip);
	const struct watch_config config = {.speed = 1, .interval_min_s = 0.02,
	                                    .interval_max_s = 0.1,
	                                    .warmup_s = warmup_s, .away_s = 15,
	                                    .camera = &fake.base,
	                                    .state_dir = state_dir, .skips_waits = skips_waits};
	const struct watch_callbacks callbacks = {on_step, on_expect, on_ended,
	                                          on_changed, on_off, NULL};
	steps.loop = g_main_loop_new(NULL, FALSE);
	struct watch *w = watch_create(&config, sampler, &callbacks, &error);
	assert_non_null(w);
	watch_start(w);
	return w;
}

static struct watch *begin_with(double warmup_s)
{
	return begin_in(warmup_s, NULL, false);
}

/* Too little for two pictures: every burst takes its whole warm-up. */
static struct watch *begin(void)
{
	return begin_with(0.01);
}

static void end(struct watch *w)
{
	watch_free(w);
	assert_int_equal(fake.frees, 1);
	assert_int_equal(fake.starts, fake.stops + (int)fake.streaming);
	g_main_loop_unref(steps.loop);
}

static int make_sampler(void **state)
{
	(void)state;
	struct error error;
	const struct sampler_config config = {.pose_model = NET_POSE_LITE,
	                                      .camera = camera_from_hfov(640, 480, 65),
	                                      .posture = posture_config_default()};
	sampler = sampler_create(&config, &error);
	return sampler != NULL ? 0 : -1;
}

static int free_sampler(void **state)
{
	(void)state;
	sampler_free(sampler);
	return 0;
}

static void every_look_is_a_burst(void **state)
{
	(void)state;
	struct watch *w = begin();
	run_until(PRESENCE_PRESENT);
	assert_true(steps.sampled >= 1);
	assert_int_equal(fake.starts, fake.stops);
	/* One picture that was not seen to rest; what waited meanwhile is let go, and one more is
	 * read. */
	assert_int_equal(fake.discards, fake.starts);
	assert_int_equal(fake.reads, 2 * fake.starts);
	end(w);
}

/* Two pictures that are equally bright; and no old ones to let go, for none could wait. */
static void a_burst_ends_when_the_exposure_has_settled(void **state)
{
	(void)state;
	struct watch *w = begin_with(60);
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.starts, 1);
	assert_int_equal(fake.reads, 2);
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.starts, 2);
	assert_int_equal(fake.reads, 3); /* as bright as it was */
	assert_int_equal(fake.discards, 0);
	end(w);
}

static void an_exposure_that_wanders_has_its_time(void **state)
{
	(void)state;
	struct watch *w = begin_with(0.35);
	fake.wanders = true;
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.discards, fake.starts);
	assert_true(fake.reads >= 3 * fake.starts);
	end(w);
}

/* Equally bright, but is that the scene? */
static void a_black_beginning_is_waited_for(void **state)
{
	(void)state;
	struct watch *w = begin_with(0.35);
	fake.black = true;
	run_until(PRESENCE_BLOCKED);
	assert_int_equal(fake.discards, fake.starts);
	end(w);
}

static void a_busy_camera_is_a_call(void **state)
{
	(void)state;
	struct watch *w = begin();
	run_until(PRESENCE_PRESENT);
	fake.start = CAPTURE_BUSY;
	run_until(PRESENCE_IN_CALL);
	assert_string_equal(watch_problem(w), "");
	fake.start = CAPTURE_FRAME;
	run_until(PRESENCE_PRESENT);
	end(w);
}

/* Measured, but as in a call. */
static void a_shared_camera_is_a_call_with_pictures(void **state)
{
	(void)state;
	struct watch *w = begin();
	run_until(PRESENCE_PRESENT);
	fake.base.shared = true;
	run_until(PRESENCE_IN_CALL);
	const int sampled = steps.sampled;
	run_until(PRESENCE_IN_CALL);
	assert_true(steps.sampled > sampled);
	assert_string_equal(watch_problem(w), "");
	fake.base.shared = false;
	run_until(PRESENCE_PRESENT);
	end(w);
}

static void failures_are_lived_through(void **state)
{
	(void)state;
	static const enum capture_status failures[] = {CAPTURE_GONE, CAPTURE_ERROR, CAPTURE_TIMEOUT,
	                                               CAPTURE_CORRUPT};
	struct watch *w = begin();
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		fake.read = failures[i];
		const int before = steps.count;
		steps.wanted = PRESENCE_COUNT; /* none: run for a while */
		guint soon = g_timeout_add(300, on_deadline, NULL);
		g_main_loop_run(steps.loop);
		(void)soon;
		assert_true(steps.count > before);
		assert_non_null(strstr(watch_problem(w), "; trying again every"));
		fake.read = CAPTURE_FRAME;
		run_until(PRESENCE_PRESENT);
		assert_string_equal(watch_problem(w), "");
	}
	end(w);
}

static void a_picture_that_stands_still_says_nothing(void **state)
{
	(void)state;
	struct watch *w = begin();
	run_until(PRESENCE_PRESENT);
	fake.frozen = true;
	run_until(PRESENCE_BLOCKED);
	assert_non_null(strstr(watch_problem(w), "the same picture"));
	fake.frozen = false;
	run_until(PRESENCE_PRESENT);
	end(w);
}

/* The node of another camera is watched, and whoever keeps profiles is told. */
static void another_camera_takes_over(void **state)
{
	(void)state;
	char path[] = "/tmp/unknot-node-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	struct watch *w = begin();
	run_until(PRESENCE_PRESENT);
	assert_int_equal(steps.changes, 0);
	strcpy(fake.base.node, path);
	strcpy(fake.base.name, "another");
	run_until(PRESENCE_PRESENT);
	assert_string_equal(watch_name(w), "another");
	pid_t other = fork();
	if (other == 0) {
		execlp("tail", "tail", "-f", path, (char *)NULL);
		_exit(1);
	}
	run_until(PRESENCE_IN_CALL);
	assert_int_equal(steps.changes, 1);
	/* One without a node, as PipeWire's, is known by its id. */
	strcpy(fake.base.id, "libcamera_input.mipi");
	kill(other, SIGTERM);
	assert_int_equal(waitpid(other, NULL, 0), other);
	run_until(PRESENCE_PRESENT);
	assert_int_equal(steps.changes, 2);
	assert_string_equal(watch_camera_id(w), "libcamera_input.mipi");
	end(w);
	close(fd);
	unlink(path);
}

static void a_pause_lets_go_at_once(void **state)
{
	(void)state;
	struct watch *w = begin();
	run_until(PRESENCE_PRESENT);
	watch_pause(w, true);
	assert_false(fake.streaming);
	assert_true(watch_is_off(w));
	const int starts = fake.starts;
	run_until(PRESENCE_PAUSED);
	assert_int_equal(fake.starts, starts);
	watch_pause(w, false);
	run_until(PRESENCE_PRESENT);
	assert_true(fake.starts > starts);
	end(w);
}

/* Another program at the node (an ordinary file here): the camera is left to it while it stays. */
static void others_come_first(void **state)
{
	(void)state;
	char path[] = "/tmp/unknot-node-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	strcpy(node, path);
	struct watch *w = begin();
	run_until(PRESENCE_PRESENT);
	pid_t other = fork();
	if (other == 0) {
		execlp("tail", "tail", "-f", path, (char *)NULL);
		_exit(1);
	}
	run_until(PRESENCE_IN_CALL);
	const int starts = fake.starts;
	guint soon = g_timeout_add(300, on_deadline, NULL);
	steps.wanted = PRESENCE_COUNT;
	g_main_loop_run(steps.loop);
	(void)soon;
	assert_int_equal(fake.starts, starts);
	kill(other, SIGTERM);
	assert_int_equal(waitpid(other, NULL, 0), other);
	run_until(PRESENCE_PRESENT);
	end(w);
	node[0] = '\0';
	unlink(path);
}

static gboolean open_start(gpointer user)
{
	/* The loop turns while the camera's start does not return. */
	if (!fake.waiting)
		return G_SOURCE_CONTINUE;
	if (user != NULL)
		watch_pause(user, true);
	fake.shut = false;
	return G_SOURCE_REMOVE;
}

static void a_start_that_takes_long_holds_nobody_up(void **state)
{
	(void)state;
	struct watch *w = begin();
	fake.shut = true;
	g_timeout_add(1, open_start, NULL);
	run_until(PRESENCE_PRESENT);
	end(w);
}

static void a_pause_during_a_start_turns_the_camera_off_after_it(void **state)
{
	(void)state;
	struct watch *w = begin();
	fake.shut = true;
	steps.may_stream = true; /* between the end of its start and its stop */
	g_timeout_add(1, open_start, w);
	run_until(PRESENCE_PAUSED);
	assert_int_equal(steps.sampled, 0);
	steps.wanted = PRESENCE_COUNT;
	for (int i = 0; i < 200 && fake.stops == 0; i++) {
		g_timeout_add(10, on_deadline, NULL);
		g_main_loop_run(steps.loop);
	}
	assert_int_equal(fake.starts, 1);
	assert_int_equal(fake.stops, 1);
	assert_int_equal(steps.sampled, 0);
	watch_pause(w, false);
	run_until(PRESENCE_PRESENT);
	end(w);
}

static void configure(struct watch *w, bool continuous)
{
	const struct watch_config config = {.interval_min_s = 0.02, .interval_max_s = 0.1,
	                                    .warmup_s = 0.01,
	                                    .away_s = 15, .continuous = continuous};
	watch_configure(w, &config);
}

static gboolean pause_at_start(gpointer user)
{
	if (!fake.waiting)
		return G_SOURCE_CONTINUE;
	watch_pause(user, true);
	g_main_loop_quit(steps.loop);
	return G_SOURCE_REMOVE;
}

/* The machine waits to sleep: till the camera is off, not till somebody has asked for it. */
static void off_is_told_when_it_is_so(void **state)
{
	(void)state;
	struct watch *w = begin();
	fake.shut = true;
	steps.may_stream = true; /* between the end of its start and its stop */
	g_timeout_add(1, pause_at_start, w);
	g_main_loop_run(steps.loop);
	assert_false(watch_is_off(w));
	run_until(PRESENCE_PAUSED);
	run_until(PRESENCE_PAUSED);
	assert_false(watch_is_off(w));
	assert_int_equal(steps.offs, 0);
	fake.shut = false;
	for (int i = 0; i < 200 && steps.offs == 0; i++)
		run_until(PRESENCE_PAUSED);
	assert_int_equal(steps.offs, 1);
	assert_true(watch_is_off(w));
	assert_int_equal(fake.stops, 1);
	steps.may_stream = false;
	/* One that is off at once was told of by watch_pause. */
	watch_pause(w, false);
	run_until(PRESENCE_PRESENT);
	watch_pause(w, true);
	run_until(PRESENCE_PAUSED);
	run_until(PRESENCE_PAUSED);
	assert_int_equal(steps.offs, 1);
	end(w);
}

/* Who is back touches a key: the empty room is looked at then, not when it would be its turn. */
static void a_touched_key_is_a_reason_to_look(void **state)
{
	(void)state;
	struct watch_config slow = {.interval_min_s = 0.02, .interval_max_s = 0.1, .warmup_s = 0.01,
	                            .away_s = 0.1};
	struct watch *w = begin();
	watch_configure(w, &slow);
	run_until(PRESENCE_PRESENT);
	fake.empty = true;
	run_until(PRESENCE_AWAY);
	slow.interval_min_s = slow.interval_max_s = 600;
	watch_configure(w, &slow);
	watch_idle(w, true);
	run_until(PRESENCE_AWAY); /* the one that was due already; the next is due in ten minutes */
	fake.empty = false;
	watch_idle(w, false);
	slow.interval_min_s = 0.02; /* once it is looked at */
	watch_configure(w, &slow);
	run_until(PRESENCE_PRESENT);
	end(w);
}

/* What is on when the lid shuts over it is let go, and the next start knows. */
static void a_lid_is_told_to_the_camera(void **state)
{
	(void)state;
	struct watch *w = begin();
	assert_false(watch_chooses(w)); /* it was given one */
	configure(w, true);
	steps.may_stream = true;
	run_until(PRESENCE_PRESENT);
	assert_null(fake.base.hidden);
	assert_true(fake.streaming);
	watch_lid(w, true, false);
	run_until_stopped(); /* at the end of the next look, where that has begun already */
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.starts, 2);
	assert_non_null(fake.base.hidden);
	/* Of what no sysfs knows: built in, unless docked. */
	assert_true(fake.base.hidden(""));
	watch_lid(w, true, true);
	run_until(PRESENCE_PRESENT);
	assert_false(fake.base.hidden(""));
	watch_lid(w, false, true);
	run_until(PRESENCE_PRESENT);
	run_until(PRESENCE_PRESENT);
	assert_null(fake.base.hidden);
	end(w);
}

static gboolean configure_bursts(gpointer user)
{
	if (!fake.waiting)
		return G_SOURCE_CONTINUE;
	configure(user, false);
	fake.shut = false;
	return G_SOURCE_REMOVE;
}

static void a_camera_that_stays_on_goes_off_when_told(void **state)
{
	(void)state;
	struct watch *w = begin();
	configure(w, true);
	steps.may_stream = true;
	run_until(PRESENCE_PRESENT);
	assert_true(fake.streaming);
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.starts, 1);
	steps.may_stream = false;
	configure(w, false);
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.stops, fake.starts);
	end(w);
	/* Told while the look that was to leave it on is under way. */
	w = begin();
	configure(w, true);
	fake.shut = true;
	g_timeout_add(1, configure_bursts, w);
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.starts, 1);
	assert_false(fake.streaming);
	end(w);
}

/* The first look is in vain, the second waits longer. */
static void learn_and_remember(int black, int silent)
{
	char dir[] = "/tmp/unknot-slow-XXXXXX", path[64];
	assert_non_null(mkdtemp(dir));
	struct watch *w = begin_in(1, dir, true);
	fake.black_first = black;
	fake.silent_first = silent;
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.starts, 2);
	watch_free(w);
	g_main_loop_unref(steps.loop);
	/* Known from then on, also by the next daemon. */
	w = begin_in(1, dir, true);
	fake.black_first = black;
	fake.silent_first = silent;
	run_until(PRESENCE_PRESENT);
	assert_int_equal(fake.starts, 1);
	end(w);
	snprintf(path, sizeof path, "%s/cameras.json", dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void a_slow_camera_is_waited_for_the_next_time(void **state)
{
	(void)state;
	learn_and_remember(30, 0); /* a read each 0.1 s */
	learn_and_remember(0, 110); /* 2 s beyond the warm-up are a hundred reads of 0.03 s */
}

static void patience_ends(void **state)
{
	(void)state;
	struct patience p;
	patience_init(&p, 0);
	/* Covered: asked three times, then again after an hour. */
	static const double asked[] = {0, 4, 8, 0, 0};
	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
		assert_float_equal(patience_next(&p, (double)i), asked[i], 1e-9);
		assert_false(patience_learn(&p, (double)i, 1, -1, 9));
	}
	assert_float_equal(patience_next(&p, 3601), 0, 1e-9);
	assert_false(patience_learn(&p, 3700, 1, -1, 9));
	assert_float_equal(patience_next(&p, 3701), 4, 1e-9);
	/* One that failed at once was not waited for. */
	assert_false(patience_learn(&p, 3702, 1, -1, 0));
	assert_float_equal(patience_next(&p, 3703), 4, 1e-9);
	/* It shows something late, and a little later still. */
	assert_true(patience_learn(&p, 3704, 1, 3.1, 3.5));
	assert_true(patience_next(&p, 3705) > 3.5);
	assert_false(patience_learn(&p, 3706, 1, 3.2, 3.5));
	assert_true(patience_learn(&p, 3707, 1, 5, 5.5));
	assert_false(patience_learn(&p, 3708, 1, -1, 6));
	assert_true(patience_next(&p, 3709) > 5.5);
	/* Quick: what is black then is black. */
	patience_init(&p, 0);
	assert_false(patience_learn(&p, 0, 1, 0.2, 0.3));
	assert_false(patience_learn(&p, 1, 1, -1, 3));
	assert_float_equal(patience_next(&p, 2), 0, 1e-9);
	/* Whatever the file says. */
	patience_init(&p, 1e9);
	assert_true(patience_next(&p, 0) < 11);
	patience_init(&p, -3);
	assert_float_equal(patience_next(&p, 0), 0, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_look_is_a_burst),
		cmocka_unit_test(a_burst_ends_when_the_exposure_has_settled),
		cmocka_unit_test(an_exposure_that_wanders_has_its_time),
		cmocka_unit_test(a_black_beginning_is_waited_for),
		cmocka_unit_test(a_busy_camera_is_a_call),
		cmocka_unit_test(a_shared_camera_is_a_call_with_pictures),
		cmocka_unit_test(failures_are_lived_through),
		cmocka_unit_test(a_picture_that_stands_still_says_nothing),
		cmocka_unit_test(a_pause_lets_go_at_once),
		cmocka_unit_test(others_come_first),
		cmocka_unit_test(another_camera_takes_over),
		cmocka_unit_test(a_start_that_takes_long_holds_nobody_up),
		cmocka_unit_test(a_pause_during_a_start_turns_the_camera_off_after_it),
		cmocka_unit_test(off_is_told_when_it_is_so),
		cmocka_unit_test(a_lid_is_told_to_the_camera),
		cmocka_unit_test(a_touched_key_is_a_reason_to_look),
		cmocka_unit_test(a_camera_that_stays_on_goes_off_when_told),
		cmocka_unit_test(a_slow_camera_is_waited_for_the_next_time),
		cmocka_unit_test(patience_ends),
	};
	return cmocka_run_group_tests(tests, make_sampler, free_sampler);
}
