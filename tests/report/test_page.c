/* Pages made of whatever a history may hold: always well-formed, nothing from outside becomes
 * markup. */
#include "report/report.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { HOUR_MS = 3600 * 1000, DEPTH = 32, NAME = 24 };

/* ---- a reader that forgives nothing ---- */

struct reader {
	const char *at, *start;
	char open[DEPTH][NAME];
	int depth, elements;
};

static void expect(const struct reader *r, bool good, const char *what)
{
	if (!good)
		fail_msg("%s at byte %td: %.120s", what, r->at - r->start, r->at);
}

static void read_name(struct reader *r, char name[NAME])
{
	const size_t n =
		strspn(r->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:");
	expect(r, n > 0 && n < NAME, "a name");
	snprintf(name, NAME, "%.*s", (int)n, r->at);
	r->at += n;
}

/* A value may hold no quote and no angle bracket, and no number that is none. */
static void read_attributes(struct reader *r)
{
	char name[NAME];
	while (*r->at == ' ') {
		r->at++;
		read_name(r, name);
		expect(r, strncmp(name, "on", 2) != 0 && strcmp(name, "href") != 0 &&
		       strcmp(name, "src") != 0, "no script, no link");
		expect(r, r->at[0] == '=' && r->at[1] == '"', "a quoted value");
		r->at += 2;
		const size_t n = strcspn(r->at, "\"<>");
		expect(r, r->at[n] == '"', "the end of a value");
		const bool number = strcmp(name, "x") == 0 || strcmp(name, "y") == 0 ||
		                    strcmp(name, "width") == 0 || strcmp(name, "height") == 0 ||
		                    strcmp(name, "d") == 0 || strcmp(name, "value") == 0;
		for (size_t i = 0; number && i + 3 <= n; i++)
			expect(r, strncmp(r->at + i, "nan", 3) != 0 &&
			       strncmp(r->at + i, "inf", 3) != 0, "a number");
		if (strcmp(name, "width") == 0 || strcmp(name, "height") == 0)
			expect(r, *r->at != '-', "a size that is not negative");
		r->at += n + 1;
	}
}

static void read_element(struct reader *r)
{
	char name[NAME];
	const bool end = r->at[1] == '/';
	r->at += 1 + end;
	read_name(r, name);
	if (end) {
		expect(r, r->depth > 0 && strcmp(name, r->open[r->depth - 1]) == 0,
		       "the end of what is open");
		r->depth--;
		expect(r, *r->at == '>', "a tag's end");
		r->at++;
		return;
	}
	r->elements++;
	expect(r, strcmp(name, "script") != 0 && strcmp(name, "b") != 0 && strcmp(name, "img") != 0,
	       "an element of ours");
	read_attributes(r);
	const bool empty = *r->at == '/' || strcmp(name, "meta") == 0;
	r->at += *r->at == '/';
	expect(r, *r->at == '>', "a tag's end");
	r->at++;
	if (!empty) {
		expect(r, r->depth < DEPTH, "less depth");
		strcpy(r->open[r->depth++], name);
	}
	if (strcmp(name, "style") == 0)
		r->at = strstr(r->at, "</style>");
}

static void read_entity(struct reader *r)
{
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (strncmp(r->at, entities[i], strlen(entities[i])) == 0) {
			r->at += strlen(entities[i]);
			return;
		}
	expect(r, false, "an entity");
}

/* Bytes of the UTF-8 character here, by decoding it: shortest form, no surrogate, in Unicode. */
static int character(const unsigned char *p)
{
	static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
	const int n = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : *p >= 0xc0 ? 2 : 0;
	unsigned long code = n == 1 ? *p : *p & (0x7fu >> n);
	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	const bool control = code < 0x20 ? code != '\t' && code != '\n'
	                                 : code >= 0x7f && code < 0xa0;
	return code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) || control ||
	       (code & 0xfffe) == 0xfffe ? 0 : n;
}

static int read_page(const char *text)
{
	struct reader r = {.at = text, .start = text};
	const size_t head = strlen("<!DOCTYPE html>");
	expect(&r, strncmp(text, "<!DOCTYPE html>", head) == 0, "a doctype");
	r.at += head;
	while (*r.at != '\0') {
		const int bytes = character((const unsigned char *)r.at);
		expect(&r, bytes > 0, "a character");
		if (*r.at == '<')
			read_element(&r);
		else if (*r.at == '&')
			read_entity(&r);
		else
			r.at += bytes;
	}
	expect(&r, r.depth == 0, "everything closed");
	return r.elements;
}

/* ---- histories ---- */

static unsigned long seed = 1;

static unsigned pick(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

static const char *const pieces[] = {
	"<", ">", "&", "\"", "'", "</p>", "<b>", "<script>alert(1)</script>",
	"<img src=x onerror=x>", "%1", "%s",
	"\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x98\x80", "\xed\xa0\x80",
	"\xef\xbf\xbe", "\xc2\x85", "\x01", "\x7f",
	"]]>", "<!--", "-->", "&amp;", "\t", "\n", "K\303\274che", "\xe2\x80\xae", "upright", " ",
};
enum { PIECES = sizeof pieces / sizeof *pieces };

static void scribble(char *to, size_t size)
{
	*to = '\0';
	for (unsigned i = pick(20); i > 0; i--)
		strncat(to, pieces[pick(PIECES)], size - strlen(to) - 1);
}

static double any_number(void)
{
	static const double numbers[] = {0, -0.0, 1, -1, 3.5, 44, 61.3,
	                                 100, -1e6, 1e6, 1e30, -1e30, FLT_MAX,
	                                 1e-30, 9.9999, 59.9999};
	return numbers[pick(sizeof numbers / sizeof *numbers)];
}

static const char *some_measure(void)
{
	return pick(4) == 0 ? "no_such_cm" : measure_name((enum measure_id)pick(MEASURE_COUNT));
}

static void fill_hour(struct store *s, int64_t t)
{
	struct error error;
	const int64_t length = 1 + pick(HOUR_MS);
	const struct store_span span = {t, t + length, (enum presence)pick(PRESENCE_COUNT),
	                                (enum posture)pick(POSTURE_COUNT),
	                                pick(3) == 0 ? STORE_NO_OFFSET : (int)pick(100000) - 50000};
	assert_true(store_span(s, &span, &error));
	for (unsigned i = pick(12); i > 0; i--) {
		struct store_sample sample = {.wall_ms = t + pick(HOUR_MS)};
		for (int m = 0; m < MEASURE_COUNT; m++)
			sample.measures.m[m] = (struct measure){any_number(),
			                                        fabs(any_number()), pick(3) > 0};
		assert_true(store_sample(s, &sample, &error));
	}
	struct store_alert a = {.wall_ms = t + pick(HOUR_MS), .held_s = any_number(),
	                        .value = any_number(),
	                        .sigma = any_number(), .answer = (int)pick(9) - 2, .baseline = NAN,
	                        .threshold = pick(2) ? any_number() : (double)NAN};
	scribble(a.kind, sizeof a.kind);
	scribble(a.text, sizeof a.text);
	snprintf(a.evidence, sizeof a.evidence, "%s", some_measure());
	const struct store_break b = {(enum break_kind)pick(BREAK_KINDS),
	                              pick(2), t, pick(2) ? t : 0,
	                              pick(2) ? t + pick(HOUR_MS) : 0, any_number(), any_number(),
	                              (enum break_outcome)pick(3)};
	struct store_pain p = {.wall_ms = t + pick(HOUR_MS), .level = (int)pick(14) - 2};
	scribble(p.where, sizeof p.where);
	scribble(p.note, sizeof p.note);
	assert_true(store_alert(s, &a, NULL, &error) && store_break(s, &b, &error) &&
	            store_pain(s, &p, &error));
}

static void set_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static struct report_day day_of(const char *text)
{
	struct report_day day;
	assert_true(report_day_parse(text, 0, &day));
	return day;
}

static struct report_summary *summarise(struct store *s, const struct report_day *day)
{
	struct report_context c = {.posture = posture_config_default(),
	                           .breaks = breaks_config_default()};
	struct report_summary *summary = malloc(sizeof *summary);
	struct error error;
	scribble(c.camera, sizeof c.camera);
	scribble(c.profile, sizeof c.profile);
	scribble(c.version, sizeof c.version);
	assert_non_null(summary);
	assert_true(report_summarise(s, day, &c, summary, &error));
	return summary;
}

/* A page of `count` days from `first` on, the last `shown` in view; returns its elements. */
static int page_of(struct store *s, const char *first, int count, int shown)
{
	enum { MAX = 40 };
	struct report_summary *days[MAX];
	struct report_day day = day_of(first);
	for (int i = 0; i < count; i++, day = report_day_next(&day))
		days[i] = summarise(s, &day);
	char *text = report_html((const struct report_summary *const *)days, count, shown, NULL);
	assert_non_null(text);
	const int elements = read_page(text);
	free(text);
	for (int i = 0; i < count; i++)
		free(days[i]);
	return elements;
}

/* ---- tests ---- */

static void whatever_a_history_holds(void **state)
{
	(void)state;
	/* Ordinary days, and those of 23, 25, 24.5 and 23.5 hours. */
	static const struct { const char *zone, *date; } places[] = {
		{"Europe/Berlin", "2026-03-09"}, {"Europe/Berlin", "2026-03-29"},
		{"Europe/Berlin", "2026-10-25"},
		{"Australia/Lord_Howe", "2024-04-07"}, {"Australia/Lord_Howe", "2024-10-06"},
		{"Asia/Kolkata", "2026-03-09"}, {"America/Havana", "2024-11-03"},
		{"UTC", "2026-03-09"},
	};
	for (size_t i = 0; i < 4 * sizeof places / sizeof *places; i++) {
		struct error error;
		seed = i + 1;
		set_zone(places[i / 4].zone);
		struct store *s = store_open(NULL, NULL, &error);
		assert_non_null(s);
		int64_t t = day_of(places[i / 4].date).from_ms - HOUR_MS / 2;
		for (unsigned hours = 1 + pick(60); hours > 0; hours--, t += HOUR_MS)
			fill_hour(s, t);
		assert_true(page_of(s, places[i / 4].date, 1, 1) > 100);
		assert_true(page_of(s, places[i / 4].date, 3, 1) > 100);
		assert_true(page_of(s, places[i / 4].date, 3, 3) > 50);
		store_close(s);
	}
}

static void nothing_and_next_to_nothing(void **state)
{
	(void)state;
	struct error error;
	set_zone("Europe/Berlin");
	seed = 7;
	struct store *s = store_open(NULL, NULL, &error);
	assert_true(page_of(s, "2026-03-09", 1, 1) > 10);
	assert_true(page_of(s, "2026-03-01", 31, 31) > 10);
	/* One second, the day's last. */
	const struct report_day day = day_of("2026-03-09");
	const struct store_span span = {day.to_ms - 1000, day.to_ms, PRESENCE_PRESENT,
	                                POSTURE_UPRIGHT, 3600};
	struct store_sample sample = {.wall_ms = day.to_ms - 500};
	sample.measures.m[MEASURE_SCREEN_DISTANCE] = (struct measure){60, 1, true};
	assert_true(store_span(s, &span, &error) && store_sample(s, &sample, &error));
	assert_true(page_of(s, "2026-03-09", 1, 1) > 10);
	assert_true(page_of(s, "2026-03-01", 31, 7) > 10);
	store_close(s);
}

static void texts_stay_texts(void **state)
{
	(void)state;
	static const struct { const char *text, *expected; } cases[] = {
		{"<b>", "&lt;b&gt;"}, {"a & b", "a &amp; b"}, {"\"'", "&quot;&#39;"},
		{"&lt;", "&amp;lt;"},
		{"x\xff", "x\xef\xbf\xbd"}, {"\xc2\x85", "\xef\xbf\xbd"},
		{"\xef\xbf\xbe", "\xef\xbf\xbd"},
		{"\x1b[31m", "\xef\xbf\xbd[31m"}, {"K\xc3\xbc" "che %1", "K\xc3\xbc" "che %1"},
	};
	set_zone("Europe/Berlin");
	const struct report_day day = day_of("2026-03-09");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error error;
		char wanted[128];
		struct store *s = store_open(NULL, NULL, &error);
		struct store_alert a = {.wall_ms = day.from_ms + HOUR_MS};
		snprintf(a.text, sizeof a.text, "%s", cases[i].text);
		const struct store_span span = {day.from_ms, day.from_ms + 2 * HOUR_MS,
		                                PRESENCE_PRESENT, POSTURE_UPRIGHT, STORE_NO_OFFSET};
		assert_true(store_span(s, &span, &error) && store_alert(s, &a, NULL, &error));
		struct report_summary *r = summarise(s, &day);
		char *text = report_html((const struct report_summary *const *)&r, 1, 1, NULL);
		snprintf(wanted, sizeof wanted, "</time> <span>%s</span></li>", cases[i].expected);
		if (strstr(text, wanted) == NULL)
			fail_msg("not in the page: %s", wanted);
		free(text);
		free(r);
		store_close(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_a_history_holds),
		cmocka_unit_test(nothing_and_next_to_nothing),
		cmocka_unit_test(texts_stay_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
