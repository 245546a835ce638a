#include "cli/words.h"

#include "base/text.h"

#include <stddef.h>
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
		{"unknown", N_("unknown")}, {"upright", N_("upright")}, {"slouched", N_("slouched")},
		{"forward_head", N_("forward head")}, {"looking_down", N_("looking down")},
		{"leaning", N_("leaning")}, {"head_tilted", N_("head tilted")}, {"turned", N_("turned")},
		{"reclined", N_("reclined")}, {"too_close", N_("too close")}, {"raised", N_("raised")},
		{"present", N_("present")}, {"away", N_("away")}, {"blocked", N_("camera covered")},
		{"paused", N_("paused")}, {"in_call", N_("in a call")},
	};
	return find(rows, sizeof rows / sizeof *rows, name);
}

const char *words_of_off(const char *name)
{
	static const struct word rows[] = {
		{"user", N_("you paused it")}, {"lent", N_("lent to another command")},
		{"lock_request", N_("the session was told to lock")}, {"locked", N_("the screen is locked")},
		{"asleep", N_("the machine goes to sleep")}, {"lid", N_("the lid is shut")},
		{"inactive", N_("another session is in front")}, {"greeter", N_("this is the login screen")},
		{"remote", N_("the session is used from elsewhere")},
	};
	return find(rows, sizeof rows / sizeof *rows, name);
}
