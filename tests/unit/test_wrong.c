/* What "wrong" has taught: kept, and undone, also under a running daemon. */
#include "coach/dose.h"
#include "daemon/remember.h"
#include "store/wrong.h"
#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void write_file(const char *text)
{
	char path[96];
	snprintf(path, sizeof path, "%s/wrong.json", folder);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void a_list_is_kept(void **state)
{
	(void)state;
	struct error error;
	struct wrong list[WRONG_MAX] = {{"slouched", 0.35}, {"turned", 0.1}};
	int count = -1;
	assert_true(wrong_load(list, &count, folder, &error)); /* no file */
	assert_int_equal(count, 0);
	list[0] = (struct wrong){"slouched", 0.35};
	list[1] = (struct wrong){"turned", 0.1};
	assert_true(wrong_save(list, 2, folder, &error));
	assert_true(wrong_forget(folder, "nothing", &error));
	assert_true(wrong_load(list, &count, folder, &error));
	assert_int_equal(count, 2);
	assert_true(wrong_forget(folder, "slouched", &error));
	assert_true(wrong_load(list, &count, folder, &error));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].kind, "turned");
	assert_float_equal(list[0].widen, 0.1, 1e-9);
}

static void what_cannot_be_is_left_out(void **state)
{
	(void)state;
	struct error error;
	struct wrong list[WRONG_MAX];
	int count;
	write_file("{\"a\":7,\"b\":0,\"c\":-1,\"d\":\"x\","
	           "\"a_kind_whose_name_is_longer_than_fits\":0.5}");
	assert_true(wrong_load(list, &count, folder, &error));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].kind, "a");
	assert_float_equal(list[0].widen, 1, 1e-9);
	write_file("nothing");
	assert_false(wrong_load(list, &count, folder, &error));
	assert_non_null(strstr(error.text, "wrong.json"));
}

static void the_daemon_unlearns_what_was_undone(void **state)
{
	(void)state;
	struct error error;
	static struct coach coach;
	const struct coach_config config = coach_config_default();
	coach_init(&coach, &config);
	write_file("{\"slouched\":0.35,\"turned\":0.2}");
	assert_true(remember_wrong(&coach, folder, &error));
	assert_float_equal(coach_kind(&coach, "slouched")->widen, 0.35, 1e-9);
	assert_true(wrong_forget(folder, "slouched", &error));
	assert_true(remember_wrong(&coach, folder, &error));
	assert_float_equal(coach_kind(&coach, "slouched")->widen, 0, 1e-9);
	assert_float_equal(coach_kind(&coach, "turned")->widen, 0.2, 1e-9);
	/* A file that cannot be read takes nothing away. */
	write_file("nothing");
	assert_false(remember_wrong(&coach, folder, &error));
	assert_float_equal(coach_kind(&coach, "turned")->widen, 0.2, 1e-9);
	assert_true(remember_save_wrong(&coach, folder, &error));
	struct wrong list[WRONG_MAX];
	int count;
	assert_true(wrong_load(list, &count, folder, &error));
	assert_int_equal(count, 1);
	assert_string_equal(list[0].kind, "turned");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_list_is_kept, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(what_cannot_be_is_left_out,
		                                make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(the_daemon_unlearns_what_was_undone,
		                                make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
