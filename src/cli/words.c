#include "cli/words.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct word {
	const char *name, *text;
};

static const char *find(const struct word *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return _(rows[i].text);
	return name;
}

const char *words_of_state(const char *name)
{
	static const struct word rows[] = {
		{"unknown", N_("unknown")}, {"upright", N_("upright")},
		{"slouched", N_("slouched")},
		{"forward_head", N_("forward head")}, {"looking_down", N_("looking down")},
		{"leaning", N_("leaning")}, {"head_tilted", N_("head tilted")},
		{"turned", N_("turned")},
		{"reclined", N_("reclined")}, {"too_close", N_("too close")},
		{"raised", N_("raised")},
		{"present", N_("present")}, {"away", N_("away")}, {"blocked", N_("camera covered")},
		{"paused", N_("paused")}, {"in_call", N_("in a call")},
	};
	return find(rows, sizeof rows / sizeof *rows, name);
}

const char *words_of_measure(const char *name)
{
	static const struct word rows[] = {
		{"eye_distance_cm", N_("eyes to the camera")},
		{"screen_distance_cm", N_("eyes to the screen")},
		{"eye_height_cm", N_("eyes above the camera")},
		{"eye_side_cm", N_("eyes beside the camera (+ left)")},
		{"head_pitch_deg", N_("head pitched down")},
		{"head_yaw_deg", N_("head turned (+ left)")},
		{"head_roll_deg", N_("head tipped (+ left)")},
		{"shoulder_tilt_deg", N_("left shoulder higher")},
		{"eye_drop_cm", N_("eyes lower than upright")},
		{"lean_in_cm", N_("eyes nearer than upright")},
		{"lean_side_cm", N_("eyes to the side of upright (+ left)")},
		{"head_pitch_change_deg", N_("head pitched against upright")},
		{"shoulder_drop_cm", N_("shoulders lower than upright")},
		{"neck_flexion_deg", N_("neck bent, estimated")},
		{"trunk_flexion_deg", N_("trunk bent, estimated")},
		{"cva_deg", N_("craniovertebral angle, estimated")},
		{"monitor_top_offset_cm", N_("screen's top edge above the eyes")},
		{"head_yaw_change_deg", N_("head turned against upright")},
		{"head_roll_change_deg", N_("head tipped against upright")},
		{"shoulder_side_cm", N_("shoulders to the side of upright (+ left)")},
	};
	return find(rows, sizeof rows / sizeof *rows, name);
}

const char *words_of_unit(const char *name)
{
	const size_t length = strlen(name);
	return length > 3 && strcmp(name + length - 3, "_cm") == 0 ? "cm" : _("deg");
}

void words_in(const char *text, char *words, size_t size)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
	size_t used = 0;
	words[0] = '\0';
	while (*text != '\0' && used < size) {
		char name[64];
		const size_t length = strspn(text, letters);
		snprintf(name, sizeof name, "%.*s", (int)(length > 0 ? length : 1), text);
		used += (size_t)snprintf(words + used, size - used, "%s", words_of_measure(name));
		text += length > 0 ? length : 1;
	}
}

void words_of_moved(double up_deg, char *words, size_t size)
{
	const double least = 0.5; /* else it was panned, or tipped to a side */
	if (up_deg >= least)
		snprintf(words, size, _("looks %.1f deg higher than at calibration; taken out of "
		                        "the measures"), up_deg);
	else if (up_deg <= -least)
		snprintf(words, size, _("looks %.1f deg lower than at calibration; taken out of "
		                        "the measures"), -up_deg);
	else
		snprintf(words, size, "%s", _("was turned a little since calibration; taken out of "
		                              "the measures"));
}

void words_of_rotated(int rotated, char *words, size_t size)
{
	snprintf(words, size, _("hangs turned; its picture is set upright by %d deg"), rotated);
}

const char *words_of_off(const char *name)
{
	static const struct word rows[] = {
		{"user", N_("you paused it")}, {"lent", N_("lent to another command")},
		{"lock_request", N_("the session was told to lock")},
		{"locked", N_("the screen is locked")},
		{"asleep", N_("the machine goes to sleep")}, {"lid", N_("the lid is shut")},
		{"inactive", N_("another session is in front")},
		{"greeter", N_("this is the login screen")},
		{"remote", N_("the session is used from elsewhere")},
		{"hours", N_("it is outside your working hours")},
	};
	return find(rows, sizeof rows / sizeof *rows, name);
}
