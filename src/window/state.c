#include "window/state.h"

#include "base/text.h"
#include "cli/words.h"
#include "posture/posture.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

/* ---- what JSON holds ---- */

static const char *text_of(const cJSON *json, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
	return text != NULL ? text : "";
}

static double number_of(const cJSON *json, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
	return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

/* NaN where it was not measured. */
static double measured(const cJSON *measures, const char *name)
{
	const cJSON *m = cJSON_GetObjectItemCaseSensitive(measures, name);
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(m, "valid")) ? number_of(m, "value")
	                                                                  : (double)NAN;
}

static double or_zero(double value)
{
	return isfinite(value) ? value : 0;
}

struct silhouette silhouette_read(const cJSON *measures)
{
	const double drop = measured(measures, "eye_drop_cm"),
	             lean = measured(measures, "lean_in_cm");
	const double yaw = measured(measures, "head_yaw_change_deg");
	const double roll = measured(measures, "head_roll_change_deg");
	return (struct silhouette){
		.known = isfinite(drop) && isfinite(lean),
		.drop = or_zero(drop), .lean = or_zero(lean),
		.side = or_zero(measured(measures, "lean_side_cm")),
		.roll = or_zero(isfinite(roll) ? roll : measured(measures, "head_roll_deg")),
		.pitch = or_zero(measured(measures, "head_pitch_change_deg")),
		.yaw = or_zero(isfinite(yaw) ? yaw : measured(measures, "head_yaw_deg")),
		.shoulder_tilt = or_zero(measured(measures, "shoulder_tilt_deg")),
		.shoulder_drop = or_zero(measured(measures, "shoulder_drop_cm")),
		.shoulder_side = or_zero(measured(measures, "shoulder_side_cm")),
	};
}

/* ---- words ---- */

/* A sentence begins with a capital, in whatever language the word is. */
static void capitalize(char *text, size_t size, const char *word)
{
	wchar_t first;
	mbstate_t state = {0};
	char letter[16] = "";
	const size_t bytes = mbrtowc(&first, word, strlen(word), &state);
	if (bytes == 0 || bytes > strlen(word)) {
		snprintf(text, size, "%s", word);
		return;
	}
	memset(&state, 0, sizeof state);
	const size_t made = wcrtomb(letter, (wchar_t)towupper((wint_t)first), &state);
	letter[made < sizeof letter ? made : 0] = '\0';
	snprintf(text, size, "%s%s", letter, word + bytes);
}

void state_duration(char *text, size_t size, double seconds)
{
	const long minutes = lround(seconds / 60);
	if (seconds < 60)
		snprintf(text, size, _("%.0f s"), fmax(0, seconds));
	else if (minutes < 60)
		snprintf(text, size, _("%ld min"), minutes);
	else
		snprintf(text, size, _("%ld h %ld min"), minutes / 60, minutes % 60);
}

/* What a posture's number is. */
static enum measure_id number_behind(enum posture posture)
{
	switch (posture) {
	case POSTURE_SLOUCHED:
	case POSTURE_RAISED: return MEASURE_EYE_DROP;
	case POSTURE_FORWARD_HEAD:
	case POSTURE_RECLINED: return MEASURE_LEAN_IN;
	case POSTURE_LOOKING_DOWN: return MEASURE_HEAD_PITCH_CHANGE;
	case POSTURE_LEANING: return MEASURE_LEAN_SIDE;
	case POSTURE_HEAD_TILTED: return MEASURE_HEAD_ROLL;
	case POSTURE_TURNED: return MEASURE_HEAD_YAW;
	case POSTURE_TOO_CLOSE: return MEASURE_SCREEN_DISTANCE;
	default: return MEASURE_COUNT;
	}
}

/* One that has no other side is not told of where its number says the opposite. */
static const char *sentence_of(enum posture posture, bool positive)
{
	switch (posture) {
	case POSTURE_SLOUCHED:
		return positive ? _("Your eyes are %.0f cm lower than when you sit upright.")
		                : NULL;
	case POSTURE_RAISED:
		return positive ? NULL
		                : _("Your eyes are %.0f cm higher than when you sit upright.");
	case POSTURE_FORWARD_HEAD:
		return !positive ? NULL
		                 : _("Your eyes are %.0f cm nearer to the screen than when you sit "
		                     "upright.");
	case POSTURE_RECLINED:
		return positive ? NULL : _("You lean back by %.0f cm, which is good for a while.");
	case POSTURE_LOOKING_DOWN:
		return positive ? _("Your chin is %.0f degrees lower than when you sit upright.")
		                : NULL;
	case POSTURE_LEANING:
		return positive ? _("Your eyes are %.0f cm left of where they are when you sit "
		                    "upright.")
		                : _("Your eyes are %.0f cm right of where they are when you sit "
		                    "upright.");
	case POSTURE_HEAD_TILTED:
		return positive ? _("Your head is tipped %.0f degrees to the left.")
		                : _("Your head is tipped %.0f degrees to the right.");
	case POSTURE_TURNED:
		return positive ? _("Your head is turned %.0f degrees to the left.")
		                : _("Your head is turned %.0f degrees to the right.");
	case POSTURE_TOO_CLOSE:
		return positive ? _("Your eyes are %.0f cm from the screen.") : NULL;
	default:
		return NULL;
	}
}

static void say_upright(const cJSON *measures, char *text, size_t size)
{
	const double drop = measured(measures, "eye_drop_cm"),
	             lean = measured(measures, "lean_in_cm");
	const double away = fmax(1, ceil(hypot(drop, lean)));
	if (isfinite(away))
		snprintf(text, size,
		         _("Your eyes are within %.0f cm of where they are when you sit upright."),
		         away);
}

void state_posture(const char *posture, const cJSON *measures, char *title,
                   size_t title_size, char *text, size_t text_size)
{
	capitalize(title, title_size, words_of_state(posture));
	*text = '\0';
	if (strcmp(posture, "upright") == 0)
		say_upright(measures, text, text_size);
	const enum posture is = posture_from_name(posture);
	const enum measure_id id = number_behind(is);
	const double value = id < MEASURE_COUNT ? measured(measures, measure_name(id))
	                                        : (double)NAN;
	const char *sentence = isfinite(value) ? sentence_of(is, value >= 0) : NULL;
	const char *number = sentence != NULL ? strstr(sentence, "%.0f") : NULL;
	if (number != NULL)
		snprintf(text, text_size, "%.*s%.0f%s", (int)(number - sentence),
		         sentence, fabs(value), number + strlen("%.0f"));
}

/* ---- the rows ---- */

static void read_breaks(struct state *s, const cJSON *status)
{
	char eyes[48], move[48];
	const double micro = number_of(status, "micro_in_s"),
	             movement = number_of(status, "movement_in_s");
	state_duration(eyes, sizeof eyes, micro);
	state_duration(move, sizeof move, movement);
	if (fmin(micro, movement) < 1) /* as in a call */
		snprintf(s->breaks, sizeof s->breaks, "%s", _("Due, and told when it suits"));
	else if (isfinite(movement) && isfinite(micro))
		snprintf(s->breaks, sizeof s->breaks, _("To move in %s, for the eyes in %s"),
		         move, eyes);
	else if (isfinite(movement))
		snprintf(s->breaks, sizeof s->breaks, _("To move in %s"), move);
	else if (isfinite(micro))
		snprintf(s->breaks, sizeof s->breaks, _("For the eyes in %s"), eyes);
	else
		snprintf(s->breaks, sizeof s->breaks, "%s", _("Breaks are turned off"));
}

static bool ends_by_resume(const char *reason)
{
	return strcmp(reason, "user") == 0 || strcmp(reason, "lent") == 0 ||
	       strcmp(reason, "lock_request") == 0;
}

static void read_camera(struct state *s, const cJSON *status)
{
	const cJSON *reason, *off = cJSON_GetObjectItemCaseSensitive(status, "off");
	const double paused = number_of(status, "paused_s");
	char reasons[200] = "", left[48];
	cJSON_ArrayForEach(reason, off) {
		const char *name = cJSON_GetStringValue(reason) != NULL
		                   ? cJSON_GetStringValue(reason) : "";
		const size_t used = strlen(reasons);
		s->can_turn_on |= ends_by_resume(name);
		snprintf(reasons + used, sizeof reasons - used, "%s%s",
		         used > 0 ? ", " : "", words_of_off(name));
	}
	state_duration(left, sizeof left, paused);
	if (*reasons == '\0')
		snprintf(s->camera, sizeof s->camera, "%s", text_of(status, "source"));
	else if (paused > 0)
		snprintf(s->camera, sizeof s->camera, _("Off: %s, for another %s"), reasons, left);
	else
		snprintf(s->camera, sizeof s->camera, _("Off: %s"), reasons);
}

static void read_silence(struct state *s, const cJSON *status)
{
	const double snoozed = number_of(status, "snoozed_s");
	char left[48];
	s->silent = snoozed > 0;
	state_duration(left, sizeof left, snoozed);
	if (s->silent)
		snprintf(s->silence, sizeof s->silence, _("For another %s, as you asked"), left);
	else if (strcmp(text_of(status, "quiet_why"), "kept_awake") == 0)
		snprintf(s->silence, sizeof s->silence, "%s",
			 _("While a program keeps the screen awake, as for a film or a talk"));
	else if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(status, "quiet")))
		snprintf(s->silence, sizeof s->silence, "%s",
		         _("While the desktop says do not disturb"));
}

/* ---- the states ---- */

static void say(struct state *s, enum state_kind kind, const char *title, const char *text)
{
	s->kind = kind;
	snprintf(s->title, sizeof s->title, "%s", title);
	snprintf(s->text, sizeof s->text, "%s", text);
}

static void read_seen(struct state *s, const cJSON *status)
{
	const cJSON *measures = cJSON_GetObjectItemCaseSensitive(status, "measures");
	const char *posture = text_of(status, "posture");
	s->kind = STATE_SEEN;
	s->figure = silhouette_read(measures);
	s->fault = posture_is_fault(posture_from_name(posture));
	state_posture(posture, measures, s->title, sizeof s->title, s->text, sizeof s->text);
	if (strcmp(posture, "unknown") != 0)
		return;
	if (s->no_profile)
		say(s, STATE_SEEN, _("You are seen"),
		    _("How you sit is judged against how you sit upright, which is not known "
		      "yet."));
	else
		say(s, STATE_SEEN, _("You are seen"),
		    _("From this picture it cannot be told how you sit."));
}

void state_read(struct state *s, bool there, const cJSON *status)
{
	static const struct {
		const char *presence;
		enum state_kind kind;
		const char *title, *text;
	} rows[] = {
		{"away", STATE_AWAY, N_("Away"),
		 N_("Nobody is in front of the camera. Sitting time rests.")},
		{"blocked", STATE_BLOCKED, N_("The camera is covered"),
		 N_("Its picture is dark or blank: open its shutter, or give it some light.")},
		{"in_call", STATE_IN_CALL, N_("In a call"),
		 N_("Another program has the camera. Nothing is judged, and nothing said, until it "
		    "is free again.")},
		{"paused", STATE_OFF, N_("The camera is off"), ""},
	};
	*s = (struct state){0};
	if (!there) {
		say(s, STATE_NO_DAEMON, _("Nobody is watching"),
		    _("unknotd, which looks at how you sit, is not running."));
		return;
	}
	if (status == NULL) {
		say(s, STATE_ASKING, "", "");
		return;
	}
	s->no_profile = strncmp(text_of(status, "profile"), "none;", 5) == 0;
	snprintf(s->problem, sizeof s->problem, "%s", text_of(status, "problem"));
	if (number_of(status, "sitting_s") > 0)
		state_duration(s->sitting, sizeof s->sitting, number_of(status, "sitting_s"));
	read_breaks(s, status);
	read_camera(s, status);
	read_silence(s, status);
	const char *presence = text_of(status, "presence");
	if (strcmp(presence, "present") == 0)
		read_seen(s, status);
	else if (*s->problem != '\0')
		say(s, STATE_TROUBLE, _("Nothing is seen"), s->problem);
	else
		say(s, STATE_UNKNOWN, _("A moment"), _("The camera has not looked yet."));
	for (size_t i = 0; i < sizeof rows / sizeof *rows && s->kind != STATE_TROUBLE; i++)
		if (strcmp(presence, rows[i].presence) == 0)
			say(s, rows[i].kind, _(rows[i].title),
			    *rows[i].text ? _(rows[i].text) : s->camera);
	if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(status, "off")) > 0)
		say(s, STATE_OFF, _("The camera is off"), s->camera);
}
