/* Who has the camera: a file of that name elsewhere is another, and two events at once are not ours
 * alone. */
#include "capture/manners.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], mine[96], other[96];

static void make(char path[96], const char *name)
{
	snprintf(path, 96, "%s/%s", folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
	strcat(path, "/video0");
	const int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static int begin(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/unknot-manners-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	make(mine, "a");
	make(other, "b");
	return 0;
}

static int end(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

/* How many hold `mine` while another process has `path` open. */
static int holders_while_open(const char *path)
{
	struct camera_holder list[4];
	int ends[2];
	char byte;
	assert_int_equal(pipe(ends), 0);
	const pid_t child = fork();
	if (child == 0) {
		if (open(path, O_RDWR) < 0 || write(ends[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	const int count = manners_holders(mine, list, 4);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ends[0]);
	close(ends[1]);
	return count;
}

static void a_file_of_the_same_name_is_another(void **state)
{
	(void)state;
	assert_int_equal(holders_while_open(mine), 1);
	assert_int_equal(holders_while_open(other), 0);
}

static void our_opening_and_their_closing_are_told_apart(void **state)
{
	struct error error;
	(void)state;
	struct manners *m = manners_open(mine, &error);
	assert_non_null(m);
	const int theirs = open(mine, O_RDWR | O_CLOEXEC);
	assert_true(manners_busy(m)); /* somebody has just opened it */
	manners_before_ours(m);
	const int ours = open(mine, O_RDWR | O_CLOEXEC);
	close(theirs);
	manners_after_ours(m);
	assert_false(manners_busy(m)); /* they have gone */
	close(ours);
	manners_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_of_the_same_name_is_another, begin, end),
		cmocka_unit_test_setup_teardown(our_opening_and_their_closing_are_told_apart,
		                                begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
