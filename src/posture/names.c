#include "posture/posture.h"

#include "base/text.h"

#include <string.h>

static const char *const posture_names[POSTURE_COUNT] = {
	[POSTURE_UNKNOWN] = "unknown",
	[POSTURE_UPRIGHT] = "upright",
	[POSTURE_SLOUCHED] = "slouched",
	[POSTURE_FORWARD_HEAD] = "forward_head",
	[POSTURE_LOOKING_DOWN] = "looking_down",
	[POSTURE_LEANING] = "leaning",
	[POSTURE_HEAD_TILTED] = "head_tilted",
	[POSTURE_TURNED] = "turned",
	[POSTURE_RECLINED] = "reclined",
	[POSTURE_TOO_CLOSE] = "too_close",
	[POSTURE_RAISED] = "raised",
};

/* In the order of classify.c, where the numbers' reasons are. */
static const char *const rules[POSTURE_COUNT] = {
	[POSTURE_UNKNOWN] = N_("nothing can be told: no profile that fits, or no face"),
	[POSTURE_UPRIGHT] = N_("nothing speaks against it"),
	[POSTURE_SLOUCHED] = N_("eyes lower, or lower and nearer, than a neck alone carries them: "
	                        "a bent trunk"),
	[POSTURE_FORWARD_HEAD] = N_("eyes nearer than upright by what a neck can do, with little "
	                            "drop"),
	[POSTURE_LOOKING_DOWN] = N_("head pitched down against upright"),
	[POSTURE_LEANING] = N_("eyes beside their upright place"),
	[POSTURE_HEAD_TILTED] = N_("head tipped to a shoulder"),
	[POSTURE_TURNED] = N_("head turned away from the screen"),
	[POSTURE_RECLINED] = N_("eyes farther back than upright, without sinking"),
	[POSTURE_TOO_CLOSE] = N_("trunk hinged toward the screen, or eyes nearer to it than is "
	                         "good to read at"),
	[POSTURE_RAISED] = N_("eyes higher than upright: standing, or a higher seat"),
};

static const char *const presence_names[PRESENCE_COUNT] = {
	[PRESENCE_UNKNOWN] = "unknown",
	[PRESENCE_PRESENT] = "present",
	[PRESENCE_AWAY] = "away",
	[PRESENCE_BLOCKED] = "blocked",
	[PRESENCE_PAUSED] = "paused",
	[PRESENCE_IN_CALL] = "in_call",
};

const char *posture_rule(enum posture p)
{
	return rules[(unsigned)p < POSTURE_COUNT ? p : POSTURE_UNKNOWN];
}

const char *posture_name(enum posture p)
{
	return (unsigned)p < POSTURE_COUNT ? posture_names[p] : posture_names[POSTURE_UNKNOWN];
}

const char *presence_name(enum presence p)
{
	return (unsigned)p < PRESENCE_COUNT ? presence_names[p] : presence_names[PRESENCE_UNKNOWN];
}

static int find(const char *const *names, int count, const char *name)
{
	int i = 0;
	while (i < count && (name == NULL || strcmp(names[i], name) != 0))
		i++;
	return i;
}

enum posture posture_from_name(const char *name)
{
	return (enum posture)find(posture_names, POSTURE_COUNT, name);
}

enum presence presence_from_name(const char *name)
{
	return (enum presence)find(presence_names, PRESENCE_COUNT, name);
}
