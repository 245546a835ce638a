/* Cameras that PipeWire gives, through a real pipewire and wireplumber of this test's own, with a
 * producer in place of the camera's driver (pipewire_camera.c). */
#include "capture/capture.h"
#include "sandbox/sandbox.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#undef stop /* cmocka 2 has a macro of that name */

enum { W = 64, H = 48, PROCESSES_MAX = 16, SKIPPED = 77 };

static char folder[] = "/tmp/unknot-pipewire-XXXXXX";
static pid_t server = -1, manager = -1;

/* ---- processes ---- */

static pid_t spawn(const char *program, char *const argv[])
{
	const pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const int nowhere = open("/dev/null", O_RDWR);
		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		execvp(program, argv);
		_exit(127);
	}
	return pid;
}

static void end(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGCONT);
	kill(*pid, SIGKILL);
	waitpid(*pid, NULL, 0);
	*pid = -1;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void start_server(void)
{
	char socket[128];
	snprintf(socket, sizeof socket, "%s/pipewire-0", folder);
	unlink(socket);
	server = spawn("pipewire", (char *[]){"pipewire", NULL});
	for (int i = 0; i < 500 && access(socket, F_OK) != 0; i++)
		pause_ms(10);
	manager = spawn("wireplumber", (char *[]){"wireplumber", NULL});
}

static void end_server(void)
{
	end(&manager);
	end(&server);
}

static pid_t camera(const char *name, const char *kind, const char *path)
{
	return spawn(UNKNOT_PIPEWIRE_CAMERA,
	             (char *[]){"camera", (char *)name, (char *)kind, (char *)path,
	                        UNKNOT_TEST_DATA "/people/syn_c_000.jpg", NULL});
}

/* ---- captures ---- */

static struct capture *open_camera(const char *name)
{
	struct error error;
	struct capture *c = capture_pipewire(name, W, H, &error);
	assert_non_null(c);
	return c;
}

/* A picture within ten seconds: the session manager may still be finding its way. */
static void sees(struct capture *c, struct frame *frame)
{
	struct error error = {0};
	enum capture_status got = CAPTURE_ERROR;
	for (int i = 0; i < 40 && got != CAPTURE_FRAME; i++) {
		got = c->ops->start(c, &error);
		if (got == CAPTURE_FRAME)
			got = c->ops->read(c, 0.5, frame, &error);
		if (got != CAPTURE_FRAME) {
			c->ops->stop(c);
			pause_ms(100);
		}
	}
	if (got != CAPTURE_FRAME)
		fail_msg("%s: %s", capture_status_name(got), error.text);
}

static enum capture_status start(struct capture *c, const char *words)
{
	struct error error = {0};
	const enum capture_status got = c->ops->start(c, &error);
	if (got != CAPTURE_FRAME && strstr(error.text, words) == NULL)
		fail_msg("%s: %s", capture_status_name(got), error.text);
	return got;
}

/* What reads come to until one is neither a picture nor nothing. */
static enum capture_status read_until_told(struct capture *c, const char *words)
{
	struct error error = {0};
	struct frame frame;
	enum capture_status got = CAPTURE_FRAME;
	for (int i = 0; i < 100 && (got == CAPTURE_FRAME || got == CAPTURE_TIMEOUT); i++)
		got = c->ops->read(c, 0.1, &frame, &error);
	if (strstr(error.text, words) == NULL)
		fail_msg("%s: %s", capture_status_name(got), error.text);
	return got;
}

static void every_format_is_read(void **state)
{
	(void)state;
	static const struct { const char *kind; enum pixel_format format;
	                      int width, planes; } rows[] = {
		{"yuy2", PIXEL_YUYV, W, 1}, {"nv12", PIXEL_NV12, W, 2},
		{"i420", PIXEL_YUV420, W, 3},
		{"gray8", PIXEL_GREY, W, 1}, {"mjpg", PIXEL_YUV420, 0, 0},
		{"wide", PIXEL_YUYV, W, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		pid_t pid = camera("unknot-test-a", rows[i].kind, "test:a");
		struct capture *c = open_camera("test-a");
		struct frame frame;
		sees(c, &frame);
		assert_string_equal(c->id, "unknot-test-a");
		assert_false(c->shared);
		if (rows[i].width != 0) {
			assert_int_equal(frame.format, rows[i].format);
			assert_int_equal(frame.width, W);
			assert_int_equal(frame.height, H);
		} else {
			assert_true(frame.width > W && frame.full_range);
		}
		for (int plane = 0; plane < rows[i].planes; plane++) {
			for (int y = 0; y < (plane == 0 ? H : H / 2); y++)
				assert_int_equal(frame.plane[plane][(long)frame.stride[plane] * y],
				                 100 + plane);
		}
		/* Bursts: off and on again. */
		c->ops->stop(c);
		sees(c, &frame);
		c->ops->discard(c);
		struct error error;
		assert_int_equal(c->ops->read(c, 2, &frame, &error), CAPTURE_FRAME);
		c->ops->free(c);
		end(&pid);
	}
}

static int hundredths(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int)(now.tv_sec * 100 + now.tv_nsec / 10000000);
}

/* What came while nobody looked is let go: a picture that is read then is no second old. */
static void what_is_discarded_is_not_read(void **state)
{
	(void)state;
	struct error error;
	struct frame frame;
	pid_t pid = camera("unknot-test-late", "late", "test:late");
	struct capture *c = open_camera("test-late");
	sees(c, &frame);
	pause_ms(1200);
	c->ops->discard(c);
	assert_int_equal(c->ops->read(c, 2, &frame, &error), CAPTURE_FRAME);
	const int age = (hundredths() - frame.plane[0][0]) & 0xff;
	if (age > 80)
		fail_msg("a picture of %d ms ago", 10 * age);
	c->ops->free(c);
	end(&pid);
}

/* A camera for faces in the dark comes after any other, and what is no camera is none. */
static void infrared_comes_last(void **state)
{
	(void)state;
	struct error error;
	struct frame frame;
	struct capture_device list[4];
	pid_t screen = camera("unknot-test-screen", "screen", "libcamera:s");
	pid_t infrared = camera("unknot-test-infrared", "yuy2", "libcamera:r");
	struct capture *c = open_camera("infrared");
	sees(c, &frame);
	c->ops->free(c);
	pid_t plain = camera("unknot-test-plain", "yuy2", "v4l2:/dev/video8");
	c = open_camera("plain");
	sees(c, &frame);
	c->ops->free(c);
	assert_int_equal(capture_pipewire_list(list, 4, &error), 2);
	c = open_camera("");
	sees(c, &frame);
	assert_string_equal(c->id, "unknot-test-plain");
	c->ops->free(c);
	end(&screen);
	end(&infrared);
	end(&plain);
}

static void a_size_that_lies_is_a_damaged_picture(void **state)
{
	(void)state;
	static const struct { const char *kind; bool good; } rows[] =
		{{"short", false}, {"long", true},
	         {"away", false}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		pid_t pid = camera("unknot-test-liar", rows[i].kind, "test:liar");
		struct capture *c = open_camera("test-liar");
		struct error error;
		struct frame frame;
		enum capture_status got = CAPTURE_GONE;
		for (int k = 0; k < 100 && (got == CAPTURE_GONE || got == CAPTURE_TIMEOUT); k++) {
			c->ops->stop(c);
			pause_ms(50);
			got = c->ops->start(c, &error);
			if (got == CAPTURE_FRAME)
				got = c->ops->read(c, 0.5, &frame, &error);
		}
		/* One that claims too much is cut to the memory that there is. */
		assert_int_equal(got, rows[i].good ? CAPTURE_FRAME : CAPTURE_CORRUPT);
		c->ops->free(c);
		end(&pid);
	}
}

static void two_at_once_know_of_each_other(void **state)
{
	(void)state;
	struct error error;
	struct frame frame;
	pid_t pid = camera("unknot-test-b", "yuy2", "test:b");
	struct capture *a = open_camera("test-b"), *b = open_camera("test-b");
	sees(a, &frame);
	assert_false(a->shared);
	sees(b, &frame);
	assert_true(b->shared);
	for (int i = 0; i < 5; i++)
		assert_int_equal(a->ops->read(a, 2, &frame, &error), CAPTURE_FRAME);
	assert_true(a->shared);
	b->ops->stop(b);
	for (int i = 0; i < 30 && a->shared; i++)
		assert_int_equal(a->ops->read(a, 2, &frame, &error), CAPTURE_FRAME);
	assert_false(a->shared);
	a->ops->free(a);
	b->ops->free(b);
	end(&pid);
}

/* Not even by a capture that was not told which one: the other may look elsewhere. */
static void a_camera_that_goes_is_replaced_by_no_other(void **state)
{
	(void)state;
	static const char *const wanted[] = {"test-c", ""};
	struct frame frame;
	for (size_t i = 0; i < 2; i++) {
		pid_t c_pid = camera("unknot-test-c", "yuy2", "libcamera:c"); /* the better one */
		pid_t other = camera("unknot-test-d", "yuy2", "test:d");
		struct capture *both = open_camera("test-d");
		sees(both, &frame);
		both->ops->free(both);
		struct capture *c = open_camera(wanted[i]);
		for (int k = 0; k < 50 && start(c, "") != CAPTURE_FRAME; k++)
			pause_ms(50);
		sees(c, &frame);
		assert_string_equal(c->id, "unknot-test-c");
		end(&c_pid);
		assert_int_equal(read_until_told(c, "has gone"), CAPTURE_GONE);
		c->ops->stop(c);
		for (int k = 0; k < 5; k++) {
			assert_int_equal(start(c, "no camera unknot-test-c"), CAPTURE_GONE);
			pause_ms(100);
		}
		c_pid = camera("unknot-test-c", "yuy2", "libcamera:c");
		sees(c, &frame);
		c->ops->free(c);
		end(&c_pid);
		end(&other);
	}
}

static void a_server_that_ends_and_begins_again_is_lived_through(void **state)
{
	(void)state;
	struct frame frame;
	pid_t pid = camera("unknot-test-e", "yuy2", "test:e");
	struct capture *c = open_camera("test-e");
	sees(c, &frame);
	end_server();
	assert_int_equal(read_until_told(c, "server has ended"), CAPTURE_GONE);
	c->ops->stop(c);
	assert_int_equal(start(c, "no server"), CAPTURE_GONE);
	end(&pid);
	start_server();
	pid = camera("unknot-test-e", "yuy2", "test:e");
	sees(c, &frame);
	c->ops->free(c);
	end(&pid);
}

static void a_server_that_is_stopped_is_not_waited_for_for_ever(void **state)
{
	(void)state;
	struct frame frame;
	pid_t pid = camera("unknot-test-f", "yuy2", "test:f");
	struct capture *c = open_camera("test-f");
	sees(c, &frame);
	c->ops->stop(c);
	kill(server, SIGSTOP);
	assert_int_equal(start(c, "does not answer"), CAPTURE_GONE);
	kill(server, SIGCONT);
	sees(c, &frame);
	c->ops->free(c);
	end(&pid);
}

static void no_server_is_told(void **state)
{
	(void)state;
	struct error error;
	struct capture_device list[4];
	setenv("XDG_RUNTIME_DIR", "/nonexistent", 1);
	struct capture *c = open_camera("");
	assert_int_equal(start(c, "no server"), CAPTURE_GONE);
	assert_int_equal(capture_pipewire_list(list, 4, &error), -1);
	assert_non_null(strstr(error.text, "no server"));
	c->ops->free(c);
	setenv("XDG_RUNTIME_DIR", folder, 1);
}

/* The node that PipeWire holds of a V4L2 camera. */
static void a_held_camera_is_joined_while_somebody_uses_it(void **state)
{
	(void)state;
	struct error error;
	struct frame frame;
	char node[128], path[160];
	snprintf(node, sizeof node, "%s/video0", folder);
	snprintf(path, sizeof path, "v4l2:%s", node);
	assert_int_equal(close(open(node, O_CREAT | O_WRONLY, 0600)), 0);
	pid_t other = camera("unknot-test-h", "yuy2", "v4l2:/dev/video7");
	struct capture *before = open_camera("test-h");
	sees(before, &frame);
	before->ops->free(before);
	pid_t pid = camera("unknot-test-g", "yuy2", path);
	struct capture *call = open_camera("test-g");
	sees(call, &frame);
	call->ops->stop(call);
	struct capture *c = capture_pipewire_join(node, W, H, &error);
	assert_non_null(c);
	/* the link goes in its own time */
	for (int i = 0; i < 20 && start(c, "") != CAPTURE_BUSY; i++) {
		c->ops->stop(c);
		pause_ms(50);
	}
	assert_int_equal(start(c, "nobody takes its pictures"), CAPTURE_BUSY);
	sees(call, &frame);
	sees(c, &frame);
	assert_true(c->shared);
	assert_string_equal(c->id, "unknot-test-g");
	c->ops->free(c);
	call->ops->free(call);
	end(&pid);
	end(&other);
	unlink(node);
}

static void all_are_listed(void **state)
{
	(void)state;
	struct error error;
	struct capture_device list[4];
	struct frame frame;
	pid_t pid = camera("unknot-test-i", "yuy2", "libcamera:\\_SB_.PC00");
	struct capture *c = open_camera("test-i");
	sees(c, &frame);
	assert_int_equal(capture_pipewire_list(list, 4, &error), 1);
	assert_string_equal(list[0].id, "unknot-test-i");
	assert_string_equal(list[0].path, "libcamera:\\_SB_.PC00");
	assert_true(list[0].usable);
	c->ops->free(c);
	end(&pid);
}

/* Entered before the library is opened, as in the daemon. */
static void the_sandbox_lets_it_be(void **state)
{
	(void)state;
	pid_t pid = camera("unknot-test-j", "mjpg", "test:j");
	struct capture *first = open_camera("test-j");
	struct frame frame;
	sees(first, &frame);
	first->ops->free(first);
	const pid_t inside = fork();
	if (inside == 0) {
		execl("/proc/self/exe", "test_capture_pipewire", "--inside", (char *)NULL);
		_exit(1);
	}
	int status;
	assert_int_equal(waitpid(inside, &status, 0), inside);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	end(&pid);
}

static int look_inside(void)
{
	struct sandbox entered;
	struct error error = {0};
	struct frame frame;
	if (!sandbox_enter(NULL, 0, NULL, &entered, &error))
		return 2;
	struct capture *c = capture_pipewire("test-j", W, H, &error);
	enum capture_status got = c != NULL ? c->ops->start(c, &error) : CAPTURE_ERROR;
	if (got == CAPTURE_FRAME)
		got = c->ops->read(c, 5, &frame, &error);
	if (got != CAPTURE_FRAME)
		fprintf(stderr, "%s: %s\n", capture_status_name(got), error.text);
	return got == CAPTURE_FRAME ? 0 : 3;
}

static bool is_installed(const char *program)
{
	char command[64];
	snprintf(command, sizeof command, "command -v %s >/dev/null", program);
	return system(command) == 0;
}

static int begin(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	setenv("XDG_RUNTIME_DIR", folder, 1);
	setenv("HOME", folder, 1);
	setenv("XDG_CONFIG_HOME", folder, 1);
	setenv("XDG_STATE_HOME", folder, 1);
	unsetenv("DISPLAY");
	start_server();
	return 0;
}

static int finish(void **state)
{
	(void)state;
	char command[64];
	end_server();
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_read),
		cmocka_unit_test(what_is_discarded_is_not_read),
		cmocka_unit_test(infrared_comes_last),
		cmocka_unit_test(a_size_that_lies_is_a_damaged_picture),
		cmocka_unit_test(two_at_once_know_of_each_other),
		cmocka_unit_test(a_camera_that_goes_is_replaced_by_no_other),
		cmocka_unit_test(a_server_that_ends_and_begins_again_is_lived_through),
		cmocka_unit_test(a_server_that_is_stopped_is_not_waited_for_for_ever),
		cmocka_unit_test(no_server_is_told),
		cmocka_unit_test(a_held_camera_is_joined_while_somebody_uses_it),
		cmocka_unit_test(all_are_listed),
		cmocka_unit_test(the_sandbox_lets_it_be),
	};
	if (argc > 1 && strcmp(argv[1], "--inside") == 0)
		return look_inside();
	if (!is_installed("pipewire") || !is_installed("wireplumber")) {
		puts("skipped: pipewire or wireplumber is not installed (Debian packages of those "
		     "names)");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, begin, finish);
}
