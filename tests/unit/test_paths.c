/* Where files go and how they are written: whole, private, or not at all. */
#include "base/paths.h"
#include "folder.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void set(const char *variable, const char *value)
{
	if (value != NULL)
		setenv(variable, value, 1);
	else
		unsetenv(variable);
}

static void folders_follow_the_specification(void **state)
{
	(void)state;
	static const struct { const char *home, *config, *expected; } cases[] = {
		{"/users/a", NULL, "/users/a/.config/unknot/unknot.conf"},
		{"/users/a", "", "/users/a/.config/unknot/unknot.conf"},
		{"/users/a", "relative", "/users/a/.config/unknot/unknot.conf"},
		{"/users/a", "/etc/me", "/etc/me/unknot/unknot.conf"},
		{NULL, "/etc/me", "/etc/me/unknot/unknot.conf"},
		{NULL, NULL, NULL}, {"here", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char path[PATH_SIZE];
		struct error error = {0};
		set("HOME", cases[i].home);
		set("XDG_CONFIG_HOME", cases[i].config);
		if (cases[i].expected == NULL) {
			assert_false(path_config_file(path, &error));
			assert_non_null(strstr(error.text, "HOME is not set"));
			continue;
		}
		assert_true(path_config_file(path, &error));
		assert_string_equal(path, cases[i].expected);
	}
	char path[PATH_SIZE];
	set("HOME", "/users/a");
	set("XDG_STATE_HOME", NULL);
	set("XDG_DATA_HOME", NULL);
	assert_true(path_state_dir(path, NULL));
	assert_string_equal(path, "/users/a/.local/state/unknot");
	assert_true(path_data_dir(path, NULL));
	assert_string_equal(path, "/users/a/.local/share/unknot");
}

static void a_path_too_long_is_refused(void **state)
{
	(void)state;
	char dir[PATH_SIZE], path[PATH_SIZE];
	struct error error;
	memset(dir, 'a', sizeof dir - 1);
	dir[0] = '/';
	dir[sizeof dir - 1] = '\0';
	assert_false(path_join(path, dir, "b", &error));
	dir[PATH_SIZE - 2] = '\0'; /* one byte too many */
	assert_false(path_join(path, dir, "b", &error));
	dir[PATH_SIZE - 3] = '\0'; /* dir + "/b" + the zero byte just fits */
	assert_true(path_join(path, dir, "b", &error));
	assert_int_equal(strlen(path), PATH_SIZE - 1);
}

static void folders_are_made_private(void **state)
{
	(void)state;
	char path[128];
	struct stat info;
	struct error error;
	umask(0022);
	snprintf(path, sizeof path, "%s/a/b/c", folder);
	assert_true(path_make_dir(path, &error));
	assert_true(path_make_dir(path, &error));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stat(path, &info), 0);
		assert_int_equal(info.st_mode & 0777, 0700);
		*strrchr(path, '/') = '\0';
	}
	snprintf(path, sizeof path, "%s/file", folder);
	assert_true(path_write_file(path, "x", 1, &error));
	assert_false(path_make_dir(path, &error));
	assert_non_null(strstr(error.text, "not a folder"));
	assert_false(path_make_dir("", &error));
}

static int files_in_folder(void)
{
	int count = 0;
	DIR *d = opendir(folder);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		count += e->d_name[0] != '.';
	closedir(d);
	return count;
}

static void a_file_is_written_whole_or_not_at_all(void **state)
{
	(void)state;
	char path[128], *text;
	struct stat info;
	struct error error;
	struct rlimit limit;
	size_t size;
	umask(0022);
	snprintf(path, sizeof path, "%s/report.json", folder);
	assert_true(path_write_file(path, "old", 3, &error));
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(path_write_file(path, "older", 5, &error));
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);

	/* The disk fills up in the middle: the old text stays, nothing else is left behind. */
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	const rlim_t before = limit.rlim_cur;
	limit.rlim_cur = 2;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	const bool written = path_write_file(path, "newer", 5, &error);
	limit.rlim_cur = before;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_false(written);
	assert_non_null(strstr(error.text, "report.json"));
	text = path_read_file(path, 100, &size, &error);
	assert_string_equal(text, "older");
	assert_int_equal(size, 5);
	assert_int_equal(files_in_folder(), 1);
	free(text);

	assert_true(path_write_file(path, "", 0, &error));
	text = path_read_file(path, 100, &size, &error);
	assert_string_equal(text, "");
	free(text);
}

static void only_files_are_read(void **state)
{
	(void)state;
	char path[128];
	struct error error;
	assert_null(path_read_file(folder, 100, NULL, &error));
	snprintf(path, sizeof path, "%s/none", folder);
	assert_null(path_read_file(path, 100, NULL, &error));
	assert_non_null(strstr(error.text, path));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(path_read_file(path, 100, NULL, &error)); /* and does not wait for a writer */
	snprintf(path, sizeof path, "%s/six", folder);
	assert_true(path_write_file(path, "123456", 6, &error));
	assert_null(path_read_file(path, 5, NULL, &error));
	char *text = path_read_file(path, 6, NULL, &error);
	assert_string_equal(text, "123456");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders_follow_the_specification),
		cmocka_unit_test(a_path_too_long_is_refused),
		cmocka_unit_test_setup_teardown(folders_are_made_private,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(a_file_is_written_whole_or_not_at_all, make_folder,
		                                remove_folder),
		cmocka_unit_test_setup_teardown(only_files_are_read, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
