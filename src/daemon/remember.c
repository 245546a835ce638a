#include "daemon/remember.h"

#include "base/clock.h"
#include "base/log.h"
#include "coach/care.h"
#include "coach/dose.h"
#include "daemon/pause.h"
#include "store/answers.h"
#include "store/kept.h"
#include "store/known_care.h"
#include "store/wrong.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char deadlines_file[] = "deadlines.json";
static const char exercises_file[] = "exercises.json", asked_file[] = "asked.json";

/* What a kind has learnt stands in the file: what is not there any more was undone. */
bool remember_wrong(struct coach *c, const char *state_dir, struct error *error)
{
	struct wrong list[WRONG_MAX];
	int count;
	if (!wrong_load(list, &count, state_dir, error))
		return false;
	for (int i = 0; i < c->kind_count; i++)
		c->kinds[i].widen = 0;
	for (int i = 0; i < count; i++) {
		struct coach_kind *k = coach_kind(c, list[i].kind);
		if (k != NULL)
			k->widen = list[i].widen;
	}
	return true;
}

bool remember_save_wrong(const struct coach *c, const char *state_dir, struct error *error)
{
	struct wrong list[WRONG_MAX];
	int count = 0;
	for (int i = 0; i < c->kind_count && count < WRONG_MAX; i++)
		if (c->kinds[i].widen > 0) {
			snprintf(list[count].kind, sizeof list[count].kind, "%s", c->kinds[i].kind);
			list[count++].widen = c->kinds[i].widen;
		}
	return wrong_save(list, count, state_dir, error);
}

static int64_t moment_of(const cJSON *row, const char *key)
{
	const double ms = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(row, key));
	return ms > 0 && ms < 9e15 ? (int64_t)ms : 0; /* false of what is no number, too */
}

bool remember_exercises(struct exercise_memory *m, const char *state_dir, struct error *error)
{
	const struct exercise *all;
	const int count = exercises(&all);
	cJSON *json;
	memset(m, 0, sizeof *m);
	if (!kept_load(&json, state_dir, exercises_file, error))
		return false;
	for (int i = 0; i < count; i++) {
		const cJSON *row = cJSON_GetObjectItemCaseSensitive(json, all[i].id);
		m->offered_ms[i] = moment_of(row, "offered_ms");
		m->done_ms[i] = moment_of(row, "done_ms");
	}
	cJSON_Delete(json);
	return true;
}

bool remember_save_exercises(const struct exercise_memory *m, const char *state_dir,
                             struct error *error)
{
	const struct exercise *all;
	const int count = exercises(&all);
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < count; i++) {
		if (m->offered_ms[i] == 0 && m->done_ms[i] == 0)
			continue;
		cJSON *row = cJSON_AddObjectToObject(json, all[i].id);
		cJSON_AddNumberToObject(row, "offered_ms", (double)m->offered_ms[i]);
		cJSON_AddNumberToObject(row, "done_ms", (double)m->done_ms[i]);
	}
	return kept_save(json, state_dir, exercises_file, error);
}

static const char *const asked_keys[ASKING_FORS] = {"profile_ms", "camera_ms"};

bool remember_asked(struct asking *a, const char *state_dir, struct error *error)
{
	cJSON *json;
	if (!kept_load(&json, state_dir, asked_file, error))
		return false;
	for (int i = 0; i < ASKING_FORS; i++)
		a->asked_ms[i] = moment_of(json, asked_keys[i]);
	cJSON_Delete(json);
	return true;
}

bool remember_save_asked(const struct asking *a, const char *state_dir, struct error *error)
{
	cJSON *json = cJSON_CreateObject();
	for (int i = 0; i < ASKING_FORS; i++)
		cJSON_AddNumberToObject(json, asked_keys[i], (double)a->asked_ms[i]);
	return kept_save(json, state_dir, asked_file, error);
}

struct care remember_care(struct store *store, const char *state_dir)
{
	struct clock clock = clock_real();
	struct error error;
	struct care care;
	if (!known_care(&care, store, state_dir, clock_now(&clock).wall_ms, &error))
		log_warning("%s", error.text);
	return care;
}

static struct pause_deadline deadline_from(const cJSON *json, const char *key)
{
	static const char *const keys[] = {"until_s", "until_ms", "left_s"};
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	double values[3];
	if (cJSON_IsTrue(item))
		return (struct pause_deadline){.until = INFINITY};
	for (int i = 0; i < 3; i++) {
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, keys[i]);
		if (!cJSON_IsNumber(value) || fabs(value->valuedouble) > 1e15)
			return (struct pause_deadline){0};
		values[i] = value->valuedouble;
	}
	return (struct pause_deadline){values[0], (int64_t)values[1], values[2]};
}

static void add_deadline(cJSON *json, const char *key, double until, struct instant now)
{
	const struct pause_deadline d = pause_deadline_of(until, now);
	if (!(d.until > 0))
		return;
	if (isinf(d.until)) {
		cJSON_AddTrueToObject(json, key);
		return;
	}
	cJSON *item = cJSON_AddObjectToObject(json, key);
	cJSON_AddNumberToObject(item, "until_s", d.until);
	cJSON_AddNumberToObject(item, "until_ms", (double)d.until_wall_ms);
	cJSON_AddNumberToObject(item, "left_s", d.left_s);
}

bool remember_deadlines(struct deadlines *deadlines, const char *state_dir, const char *boot,
                        struct instant now, struct error *error)
{
	cJSON *json;
	*deadlines = (struct deadlines){0};
	if (!kept_load(&json, state_dir, deadlines_file, error))
		return false;
	const char *then = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "boot"));
	const bool same = then != NULL && *boot != '\0' && strcmp(then, boot) == 0;
	const struct pause_deadline paused = deadline_from(json, "paused");
	const struct pause_deadline snoozed = deadline_from(json, "snoozed");
	deadlines->paused = pause_deadline_until(&paused, same, now);
	deadlines->snoozed = pause_deadline_until(&snoozed, same, now);
	cJSON_Delete(json);
	return true;
}

bool remember_save_deadlines(const struct deadlines *deadlines, const char *state_dir,
                             const char *boot, struct instant now, struct error *error)
{
	cJSON *json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "boot", boot);
	add_deadline(json, "paused", deadlines->paused, now);
	add_deadline(json, "snoozed", deadlines->snoozed, now);
	return kept_save(json, state_dir, deadlines_file, error);
}

unsigned remember_lacking(const char *state_dir)
{
	const struct care_question *checks;
	const int count = care_checks(&checks);
	const char *ids[ANSWERS_MAX];
	struct answers answers;
	struct error error;
	unsigned lacking = 0;
	for (int i = 0; i < count; i++)
		ids[i] = checks[i].id;
	if (!answers_load(&answers, state_dir, "checklist", ids, count, &error)) {
		log_warning("%s", error.text);
		return 0;
	}
	for (int i = 0; i < count; i++)
		lacking |= (unsigned)(answers.of[i] == ANSWER_NO) << i;
	return lacking;
}
