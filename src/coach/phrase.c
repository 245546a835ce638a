#include "coach/phrase.h"

#include "base/text.h"
#include "coach/care.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct phrase_row rows[] = {
#define CORRECTION(kind, topic, summary, body, icon, source) { kind, topic, summary, body, icon, \
	source, true },
#define REMINDER(kind, topic, summary, body, icon, source) { kind, topic, summary, body, icon, \
	source, false },
#include "coach/catalogue.inc"
#undef CORRECTION
#undef REMINDER
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static const char *const fact_names[FACT_COUNT_] = {
#define FACT(id, name, text) name,
	FACTS(FACT)
#undef FACT
};

int phrase_rows(const struct phrase_row **table)
{
	*table = rows;
	return ROWS;
}

/* ---- facts ---- */

void facts_clear(struct facts *f)
{
	memset(f, 0, sizeof *f);
}

/* Nobody's eyes drop by ten metres; what says so is a broken measure, kept readable. */
static int whole(double value)
{
	return isfinite(value) ? (int)fmin(fabs(round(value)), 999) : 0;
}

static void count_of(char text[32], int n, const char *one, const char *many)
{
	if (n > 0)
		snprintf(text, 32, "%d %s", n, n == 1 ? one : many);
	else
		text[0] = '\0';
}

void facts_cm(struct facts *f, enum fact id, double value)
{
	count_of(f->text[id], whole(value), "cm", "cm");
}

void facts_degrees(struct facts *f, enum fact id, double value)
{
	count_of(f->text[id], whole(value), _("degree"), _("degrees"));
}

void facts_side(struct facts *f, int side)
{
	snprintf(f->text[FACT_SIDE], sizeof f->text[FACT_SIDE], "%s",
	         side > 0 ? _("left") : side < 0 ? _("right") : "");
}

void facts_duration(struct facts *f, enum fact id, double seconds, bool exact)
{
	char *text = f->text[id];
	text[0] = '\0';
	if (!isfinite(seconds) || seconds < 0)
		return;
	if (exact && seconds < 120 && fmod(round(seconds), 60) != 0) {
		count_of(text, (int)fmax(1, round(seconds)), _("second"), _("seconds"));
		return;
	}
	int minutes = (int)fmax(1, fmin(round(seconds / 60), 99 * 60 + 59));
	if (minutes < 60) {
		count_of(text, minutes, _("minute"), _("minutes"));
		return;
	}
	char hours[32], rest[32];
	count_of(hours, minutes / 60, _("hour"), _("hours"));
	count_of(rest, minutes % 60, _("minute"), _("minutes"));
	snprintf(text, 32, "%.14s%s%.14s", hours, rest[0] != '\0' ? " " : "", rest);
}

void facts_count(struct facts *f, int count)
{
	count_of(f->text[FACT_COUNT], count > 999 ? 999 : count, _("reminder"), _("reminders"));
}

void facts_exercise(struct facts *f, const struct exercise *e)
{
	static const char *const go[EXERCISE_POSITIONS] =
		{N_("Leave the screen"), N_("Stand up"), N_("Lie down")};
	if (e == NULL)
		return;
	snprintf(f->text[FACT_EXERCISE], sizeof f->text[0], "%s", _(e->name));
	snprintf(f->text[FACT_GO], sizeof f->text[0], "%s", _(go[e->position]));
	f->hint = _(e->text);
	f->feel = care_discomfort();
}

void facts_of_care(struct facts *f, const struct care *care)
{
	if (care_gentle(care->reason))
		snprintf(f->text[FACT_LOOKED_AT], sizeof f->text[0], "%s",
		         _("a doctor has looked at it"));
}

void facts_of_workstation(struct facts *f, unsigned lacking)
{
	static const struct { const char *id; enum fact fact; const char *text; } known[] = {
		{ "lumbar", FACT_NO_LUMBAR, N_("no lumbar support") },
		{ "feet", FACT_NO_FEET, N_("no floor under your feet") },
		{ "elbows", FACT_NO_ELBOWS, N_("armrests that differ") },
		{ "distance", FACT_NO_DISTANCE, N_("a screen out of place") },
	};
	const struct care_question *checks;
	const int count = care_checks(&checks);
	for (int i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
			if ((lacking >> i & 1) && strcmp(checks[i].id, known[k].id) == 0)
				snprintf(f->text[known[k].fact], sizeof f->text[0], "%s",
				         _(known[k].text));
}

void facts_of_event(struct facts *f, const struct posture_event *e)
{
	/* Known only in the direction that the sentence speaks of. */
	const struct { enum fact fact; enum measure_id id; bool both, degrees; } numbers[] = {
		{ FACT_DROP, MEASURE_EYE_DROP, false, false },
		{ FACT_NEAR, MEASURE_LEAN_IN, false, false },
		{ FACT_ASIDE, MEASURE_LEAN_SIDE, true, false },
		{ FACT_SHOULDER_DROP, MEASURE_SHOULDER_DROP, false, false },
		{ FACT_PITCH, MEASURE_HEAD_PITCH_CHANGE, false, true },
		{ FACT_ROLL, MEASURE_HEAD_ROLL, true, true },
		{ FACT_YAW, MEASURE_HEAD_YAW, true, true },
		{ FACT_YAW, MEASURE_HEAD_YAW_CHANGE, true, true }, /* better where known */
	};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		const struct measure *m = &e->typical.m[numbers[i].id];
		if (!m->valid || (!numbers[i].both && !(m->value > 0)))
			continue;
		(numbers[i].degrees ? facts_degrees : facts_cm)(f, numbers[i].fact, m->value);
	}
	/* OSHA's preferred least; above it the distance itself is no reason to move. */
	const struct measure *screen = &e->typical.m[MEASURE_SCREEN_DISTANCE];
	if (screen->valid && screen->value > 0 && screen->value < 50)
		facts_cm(f, FACT_SCREEN, screen->value);
	facts_side(f, e->side);
	facts_duration(f, FACT_HELD, e->held_s, false);
}

bool phrase_evidence(const struct posture_event *e, char *text, size_t size)
{
	static const struct { enum measure_id id; const char *what; bool degrees; } measures[] = {
		{ MEASURE_EYE_DROP, N_("eyes lower than upright"), false },
		{ MEASURE_SHOULDER_DROP, N_("shoulders lower than upright"), false },
		{ MEASURE_LEAN_IN, N_("eyes nearer than upright"), false },
		{ MEASURE_LEAN_SIDE, N_("eyes beside their upright place"), false },
		{ MEASURE_SCREEN_DISTANCE, N_("eyes to the screen"), false },
		{ MEASURE_HEAD_PITCH_CHANGE, N_("head farther down than upright"), true },
		{ MEASURE_HEAD_ROLL, N_("head tipped to a shoulder"), true },
		{ MEASURE_HEAD_YAW, N_("head turned"), true },
		{ MEASURE_HEAD_YAW_CHANGE, N_("head turned"), true },
	};
	const enum measure_id id = e->verdict.evidence;
	text[0] = '\0';
	for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
		if (measures[i].id != id || !e->typical.m[id].valid)
			continue;
		snprintf(text, size, _("%s: %.1f %s (give or take %.1f), limit %.1f"),
		         _(measures[i].what),
		         fabs(e->typical.m[id].value), measures[i].degrees ? _("degrees") : "cm",
		         e->typical.m[id].sigma, fabs(e->verdict.limit));
		return true;
	}
	return false;
}

/* ---- sentences ---- */

static const char *lookup(const struct facts *f, const char *name, size_t length)
{
	for (int i = 0; i < FACT_COUNT_; i++)
		if (strlen(fact_names[i]) == length && memcmp(fact_names[i], name, length) == 0)
			return i == FACT_HINT ? f->hint : i == FACT_FEEL ? f->feel : f->text[i];
	return NULL;
}

static bool append(char *text, size_t size, size_t *used, const char *from, size_t length)
{
	if (*used + length >= size)
		return false;
	memcpy(text + *used, from, length);
	*used += length;
	text[*used] = '\0';
	return true;
}

/* False when a fact is missing or it does not fit. */
static bool fill(const char *pattern, const struct facts *f, char *text, size_t size)
{
	size_t used = 0;
	text[0] = '\0';
	while (*pattern != '\0') {
		size_t plain = strcspn(pattern, "{");
		if (!append(text, size, &used, pattern, plain))
			return false;
		pattern += plain;
		if (*pattern == '\0')
			break;
		size_t length = strcspn(++pattern, "}");
		const char *fact = lookup(f, pattern, length);
		if (fact == NULL || fact[0] == '\0' ||
		    !append(text, size, &used, fact, strlen(fact)))
			return false;
		pattern += length + (pattern[length] == '}');
	}
	return true;
}

bool phrase_message(const char *kind, const struct facts *f, struct coach_message *m)
{
	for (int i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].kind, kind) != 0)
			continue;
		memset(m, 0, sizeof *m);
		if (!fill(_(rows[i].body), f, m->body, sizeof m->body) ||
		    !fill(_(rows[i].summary), f, m->summary, sizeof m->summary))
			continue;
		snprintf(m->kind, sizeof m->kind, "%s", kind);
		snprintf(m->icon, sizeof m->icon, "%s", rows[i].icon);
		m->urgency = URGENCY_NORMAL;
		m->offer = rows[i].measured ? OFFER_CORRECTION : OFFER_SNOOZE;
		m->measured = rows[i].measured;
		return true;
	}
	memset(m, 0, sizeof *m);
	return false;
}

bool phrase_measured(const char *kind)
{
	for (int i = 0; i < ROWS; i++)
		if (strcmp(rows[i].kind, kind) == 0)
			return rows[i].measured;
	return false;
}
