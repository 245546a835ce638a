/* Every sentence that people read is there in German, with the same facts in it, and fits. */
#include "base/text.h"
#include "config/config.h"
#include "coach/care.h"
#include "coach/phrase.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void is_translated(const char *text)
{
	/* Nothing but facts needs no other word. */
	if (text[0] == '{' && strchr(text, '}')[1] == '\0')
		return;
	if (strcmp(text, "{hint} {feel}") == 0)
		return;
	if (_(text) == text)
		fail_msg("no German for: %s", text);
}

/* {drop} and the like: each of the original's in the translation, and no other. */
static void has_the_same_facts(const char *text)
{
	const char *german = _(text);
	int count = 0;
	for (const char *at = text; (at = strchr(at, '{')) != NULL; at++) {
		char name[32];
		snprintf(name, sizeof name, "%.*s", (int)(strcspn(at, "}") + 1), at);
		if (strstr(german, name) == NULL)
			fail_msg("%s is missing in: %s", name, german);
	}
	for (const char *at = german; (at = strchr(at, '{')) != NULL; at++, count++) {
		char name[32];
		snprintf(name, sizeof name, "%.*s", (int)(strcspn(at, "}") + 1), at);
		if (strstr(text, name) == NULL)
			fail_msg("%s is not in the original: %s", name, text);
	}
	if (strchr(text, '{') != NULL)
		assert_true(count > 0);
}

static void test_catalogue(void **state)
{
	(void)state;
	const struct phrase_row *rows;
	const int count = phrase_rows(&rows);
	for (int i = 0; i < count; i++) {
		is_translated(rows[i].topic);
		is_translated(rows[i].summary);
		has_the_same_facts(rows[i].summary);
		is_translated(rows[i].body);
		has_the_same_facts(rows[i].body);
	}
	const struct exercise *all;
	for (int i = exercises(&all) - 1; i >= 0; i--) {
		is_translated(all[i].name);
		is_translated(all[i].text);
	}
}

static void test_everything_fits(void **state)
{
	(void)state;
	const struct phrase_row *rows;
	const int count = phrase_rows(&rows);
	struct facts f;
	struct coach_message m;
	facts_clear(&f);
	for (int i = 0; i < FACT_COUNT_; i++)
		snprintf(f.text[i], sizeof f.text[i], "999 Stunden 59 Minuten");
	const struct exercise *all;
	enum { BANNER = 64 }; /* in bytes; a banner shows about 60 characters */
	for (int e = exercises(&all) - 1; e >= 0; e--) {
		facts_exercise(&f, &all[e]);
		assert_true(strlen(_(all[e].text)) < sizeof m.more);
		assert_true(strlen(_(all[e].name)) < sizeof f.text[0]);
		for (int r = 0; r < count; r++)
			assert_true(phrase_message(rows[r].kind, &f, &m));
	}
	for (int i = 0; i < FACT_COUNT_; i++)
		snprintf(f.text[i], sizeof f.text[i], "%s",
		         i == FACT_LENGTH ? "5 Minuten" : "12 cm");
	for (int e = exercises(&all) - 1; e >= 0; e--) {
		facts_exercise(&f, &all[e]);
		for (int r = 0; r < count; r++) {
			assert_true(phrase_message(rows[r].kind, &f, &m));
			if (strlen(m.summary) > BANNER)
				fail_msg("longer than a banner: %s", m.summary);
		}
	}
}

static void test_a_sentence(void **state)
{
	(void)state;
	struct posture_event e = {.kind = POSTURE_EVENT_HELD, .posture = POSTURE_LEANING,
	                          .side = -1,
	                          .held_s = 180};
	struct facts f;
	struct coach_message m;
	e.typical.m[MEASURE_LEAN_SIDE] = (struct measure){-9, 1, true};
	facts_clear(&f);
	facts_of_event(&f, &e);
	assert_true(phrase_message("leaning", &f, &m));
	assert_string_equal(m.summary, "Auf beiden Hüften sitzen, Armlehnen gleich hoch");
	assert_string_equal(m.body, "Sie lehnen seit 3 Minuten um 9 cm nach rechts.");
}

static void test_care(void **state)
{
	(void)state;
	const struct care_question *q;
	for (int i = care_red_flags(&q) - 1; i >= 0; i--)
		is_translated(q[i].text);
	for (int i = care_checks(&q) - 1; i >= 0; i--) {
		is_translated(q[i].text);
		is_translated(q[i].advice);
	}
	for (int r = CARE_LASTING; r <= CARE_EMERGENCY; r++)
		assert_true(strstr(care_advice((enum care_reason)r), "Arzt") != NULL);
	assert_non_null(strstr(care_advice(CARE_EMERGENCY), "jetzt in eine Notaufnahme"));
	assert_non_null(strstr(care_discomfort(), "aufhören"));
}

/* The words of commands and notifications, each where it is used. */
static void test_words(void **state)
{
	(void)state;
	static const char *const words[] = {
		"skip", "yes", "no", "yes, no, skip", "\nWorth changing:\n",
		"\nNothing to change that you know of.",
		"None of the signs that call for a doctor. If pain lasts beyond two weeks, becomes "
		"severe or one of these appears, see one. For a personal programme: a physical "
		"therapist.",
		"Snooze 30 min", "Snooze until tomorrow", "Wrong", "Show me",
		"Start", "In 5 minutes", "Skip",
		"Another exercise", "Done", "Close",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		is_translated(words[i]);
}

/* What the table of options says of each. */
static void test_options(void **state)
{
	(void)state;
	const struct config_option *options;
	const size_t count = config_options(&options);
	for (size_t i = 0; i < count; i++) {
		is_translated(options[i].help);
		if (options[i].title != NULL && strcmp(options[i].title, "Camera") != 0)
			is_translated(options[i].title);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_everything_fits),
		cmocka_unit_test(test_a_sentence),
		cmocka_unit_test(test_care),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_words),
	};
	if (access(UNKNOT_TEST_LOCALE "/de/LC_MESSAGES/unknot.mo", R_OK) != 0) {
		puts("skipped: no translations were built (Debian: gettext)");
		return 77;
	}
	setenv("UNKNOT_LOCALE_DIR", UNKNOT_TEST_LOCALE, 1);
	setenv("LC_ALL", "de_DE.UTF-8", 1); /* the build's own: LOCPATH */
	unsetenv("LANGUAGE");
	text_init();
	if (strncmp(setlocale(LC_MESSAGES, NULL), "de", 2) != 0) {
		puts("skipped: no German locale could be made (Debian: locales)");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
