#include "cli/words.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

const char *words_of_state(const char *name)
{
	static const struct { const char *name, *text; } rows[] = {
		{"unknown", N_("unknown")}, {"upright", N_("upright")}, {"slouched", N_("slouched")},
		{"forward_head", N_("forward head")}, {"looking_down", N_("looking down")},
		{"leaning", N_("leaning")}, {"head_tilted", N_("head tilted")}, {"turned", N_("turned")},
		{"reclined", N_("reclined")}, {"too_close", N_("too close")}, {"raised", N_("raised")},
		{"present", N_("present")}, {"away", N_("away")}, {"blocked", N_("camera covered")},
		{"paused", N_("paused")}, {"in_call", N_("in a call")},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].name, name) == 0)
			return _(rows[i].text);
	return name;
}
