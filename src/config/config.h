/* The configuration: one key file, one row per option in options.inc.
 *
 *   # comment
 *   [posture]
 *   dwell_s = 90
 *
 * A key may also be written in full ("posture.dwell_s = 90") before any section. */
#ifndef UNKNOT_CONFIG_CONFIG_H
#define UNKNOT_CONFIG_CONFIG_H

#include "base/error.h"
#include "breaks/breaks.h"
#include "coach/coach.h"
#include "config/hours.h"
#include "geometry/camera.h"
#include "posture/posture.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_TEXT_SIZE = 128 };

struct config {
#define OPTION_NUMBER(field, key, value, low, high, unit, help) double field;
#define OPTION_FLAG(field, key, value, help) bool field;
#define OPTION_WORD(field, key, value, words, help) char field[CONFIG_TEXT_SIZE];
#define OPTION_TEXT(field, key, value, unused, help) char field[CONFIG_TEXT_SIZE];
#include "config/options.inc"
#undef OPTION_NUMBER
#undef OPTION_FLAG
#undef OPTION_WORD
#undef OPTION_TEXT
};

struct config config_default(void);

/* Reads path over the defaults. A missing file is the defaults. On an error ("unknot.conf:12: ...",
 * what is allowed, the nearest key's name) *config is left as it was. */
bool config_load(struct config *, const char *path, struct error *);

/* One value by key, as the file would set it. */
bool config_assign(struct config *, const char *key, const char *value, struct error *);

/* Writes one key into the file, keeping every other line; validates first; atomic, mode 0600. */
bool config_set(const char *path, const char *key, const char *value, struct error *);

/* watch.profile follows a profile's new name; "auto" when it was deleted. Where it names another,
 * nothing. */
bool config_rename_profile(const char *path, const char *from, const char *to, struct error *);

/* ---- the table, for `unknot config` and the manual page ---- */
struct config_option {
	const char *key, *unit, *help;
	const char *words;       /* "a|b" for a choice, else NULL */
	char kind;               /* 'n'umber, 'f'lag, 'w'ord, 't'ext */
	double low, high;        /* numbers */
	const char *title;       /* of the everyday ones, else NULL; to be translated, as `help` */
};
size_t config_options(const struct config_option **);
/* The value of option `index` as text. */
void config_value(const struct config *, size_t index, char *text, size_t size);

/* ---- what the other rooms take ---- */
struct posture_config config_posture(const struct config *);
struct breaks_config config_breaks(const struct config *);
struct coach_config config_coach(const struct config *);
struct hours config_hours(const struct config *);
/* For a picture of this size. */
struct camera config_camera(const struct config *, int width, int height);
/* The field of view is somebody's own and not the default. */
bool config_hfov_known(const struct config *);
/* Limits, intervals and the profile that is asked for; of `version` ("0.1.0"). Camera and networks
 * are not its to know. */
struct report_context config_report(const struct config *, const char *version);

#endif
