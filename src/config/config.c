#include "config/config.h"

#include "base/clock.h"
#include "base/near.h"
#include "base/paths.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 1 << 20 };

/* ---- the table ---- */

struct row {
	struct config_option option;
	size_t offset;
	double number;
	const char *word;
};

static const struct row rows[] = {
#define OPTION_NUMBER(f, k, v, lo, hi, u, h) \
	{{k, u, h, NULL, 'n', lo, hi, NULL}, offsetof(struct config, f), v, NULL},
#define OPTION_FLAG(f, k, v, h) {{k, "", h, "true|false", 'f', 0, 1, NULL}, \
	offsetof(struct config, f), v, NULL},
#define OPTION_WORD(f, k, v, w, h) {{k, "", h, w, 'w', 0, 0, NULL}, offsetof(struct config, f), 0, \
	v},
#define OPTION_TEXT(f, k, v, unused, h) {{k, "", h, NULL, 't', 0, 0, NULL}, \
	offsetof(struct config, f), 0, v},
#include "config/options.inc"
#undef OPTION_NUMBER
#undef OPTION_FLAG
#undef OPTION_WORD
#undef OPTION_TEXT
};

enum { ROWS = sizeof rows / sizeof *rows };

static void *place(struct config *c, const struct row *r)
{
	return (char *)c + r->offset;
}

/* Those that people change, by the words they would use. */
static const struct { const char *key, *title; } everyday[] = {
#define OPTION_NUMBER(f, k, v, lo, hi, u, h)
#define OPTION_FLAG(f, k, v, h)
#define OPTION_WORD(f, k, v, w, h)
#define OPTION_TEXT(f, k, v, unused, h)
#define OPTION_EVERYDAY(k, t) {k, t},
#include "config/options.inc"
#undef OPTION_NUMBER
#undef OPTION_FLAG
#undef OPTION_WORD
#undef OPTION_TEXT
};

size_t config_options(const struct config_option **options)
{
	static struct config_option list[ROWS];
	for (int i = 0; i < ROWS; i++) {
		list[i] = rows[i].option;
		for (size_t k = 0; k < sizeof everyday / sizeof *everyday; k++)
			if (strcmp(everyday[k].key, list[i].key) == 0)
				list[i].title = everyday[k].title;
	}
	*options = list;
	return ROWS;
}

struct config config_default(void)
{
	struct config c;
	memset(&c, 0, sizeof c);
	for (int i = 0; i < ROWS; i++) {
		void *to = place(&c, &rows[i]);
		switch (rows[i].option.kind) {
		case 'n': *(double *)to = rows[i].number; break;
		case 'f': *(bool *)to = rows[i].number != 0; break;
		default: snprintf(to, CONFIG_TEXT_SIZE, "%s", rows[i].word); break;
		}
	}
	return c;
}

void config_value(const struct config *c, size_t index, char *text, size_t size)
{
	const void *from = (const char *)c + rows[index].offset;
	switch (rows[index].option.kind) {
	case 'n': snprintf(text, size, "%g", *(const double *)from); break;
	case 'f': snprintf(text, size, "%s", *(const bool *)from ? "true" : "false"); break;
	default: snprintf(text, size, "%s", (const char *)from); break;
	}
}

/* ---- one value ---- */

enum { PART = 2 };

/* How far a text is from a key: as the whole key, as its name without section, and without the unit
 * at the end; a part of a key ("micro_every") is nearer than any other word. */
static int distance_of(const char *text, const char *key)
{
	const char *name = strchr(key, '.') + 1, *unit = strrchr(name, '_');
	char bare[64];
	snprintf(bare, sizeof bare, "%.*s", unit != NULL ? (int)(unit - name) : (int)strlen(name),
	         name);
	int least = near_distance(text, key);
	const int of_name = near_distance(text, name), of_bare = near_distance(text, bare);
	least = of_name < least ? of_name : least;
	least = of_bare < least ? of_bare : least;
	return least > PART && strlen(text) > PART && strstr(key, text) != NULL ? PART : least;
}

/* In another section it is as near but for that. */
static int distance_to_key(const char *text, const char *key)
{
	const char *dot = strchr(text, '.');
	const int whole = distance_of(text, key), name = dot != NULL ? distance_of(dot + 1, key) + 1
	                                                             : whole;
	return name < whole ? name : whole;
}

static const struct row *find(const char *key, struct error *error)
{
	int best = 0, least = INT_MAX;
	for (int i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].option.key, key) == 0)
			return &rows[i];
		const int d = distance_to_key(key, rows[i].option.key);
		if (d < least) {
			least = d;
			best = i;
		}
	}
	/* Where most letters differ it is no slip of the finger. */
	const int length = (int)strlen(key);
	if (length == 0)
		key = "\"\"";
	if (least > PART ? 2 * least > length : least >= length)
		error_set(error, EINVAL, "%.64s: no such option; `unknot config` shows them all",
		          key);
	else
		error_set(error, EINVAL, "%.64s: no such option; the nearest is %s",
		          key, rows[best].option.key);
	return NULL;
}

static bool is_word_of(const char *value, const char *words)
{
	const size_t length = strlen(value);
	if (length == 0 || strchr(value, '|') != NULL)
		return false;
	for (const char *w = words;; w++) {
		if (strncmp(w, value, length) == 0 && (w[length] == '|' || w[length] == '\0'))
			return true;
		w = strchr(w, '|');
		if (w == NULL)
			return false;
	}
}

/* "1h30" or "90s" of an option in s, min or days. */
static bool in_unit(const char *value, const char *unit, double *v)
{
	const double second = strcmp(unit, "s") == 0 ? 1 : strcmp(unit, "min") == 0 ? 60
	                    : strcmp(unit, "days") == 0 ? 86400 : 0;
	if (second == 0 || !clock_duration(value, v))
		return false;
	*v /= second;
	return true;
}

bool config_assign(struct config *c, const char *key, const char *value, struct error *error)
{
	const struct row *r = find(key, error);
	if (r == NULL)
		return false;
	const struct config_option *o = &r->option;
	if (o->kind == 'n') {
		char *end;
		double v = text_number(value, &end);
		if (isalpha((unsigned char)*end) && in_unit(value, o->unit, &v))
			end += strlen(end);
		if (end == value || *end != '\0' || !(v >= o->low && v <= o->high))
			return error_set(error, EINVAL,
			                 "%s = %.64s: a number from %g to %g%s%s is needed",
			                 key, value, o->low, o->high, *o->unit ? " " : "",
			                 *o->unit ? _(o->unit) : "");
		*(double *)place(c, r) = v;
	} else if (o->kind == 'f') {
		if (!is_word_of(value, o->words))
			return error_set(error, EINVAL, "%s = %.64s: true or false is needed",
			                 key, value);
		*(bool *)place(c, r) = strcmp(value, "true") == 0;
	} else {
		/* A text goes into the file as it is: one line, or it would set other keys. */
		for (const char *p = value; *p != '\0'; p++)
			if (iscntrl((unsigned char)*p))
				return error_set(error, EINVAL,
				                 "%s: text with a control character", key);
		if (o->kind == 'w' && !is_word_of(value, o->words))
			return error_set(error, EINVAL, "%s = %.64s: one of %s is needed",
			                 key, value, o->words);
		if (strlen(value) >= CONFIG_TEXT_SIZE)
			return error_set(error, EINVAL, "%s: text longer than %d bytes", key,
			                 CONFIG_TEXT_SIZE - 1);
		snprintf(place(c, r), CONFIG_TEXT_SIZE, "%s", value);
	}
	return true;
}

/* ---- the file ---- */

static char *trim(char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	char *end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return s;
}

/* What a line says: nothing, a section, or a key in full and a value; false when it is neither. The
 * line is cut up. */
static bool read_line(char *line, char *section, size_t section_size, char *key, size_t key_size,
                      char **value)
{
	char *s = trim(line);
	*value = NULL;
	if (*s == '\0' || *s == '#' || *s == ';')
		return true;
	if (*s == '[') {
		char *end = strchr(s, ']');
		if (end == NULL || end[1] != '\0')
			return false;
		*end = '\0';
		return snprintf(section, section_size, "%s", trim(s + 1)) < (int)section_size;
	}
	char *equals = strchr(s, '=');
	if (equals == NULL)
		return false;
	*equals = '\0';
	*value = trim(equals + 1);
	s = trim(s);
	const bool whole = strchr(s, '.') != NULL || *section == '\0';
	return snprintf(key, key_size, "%s%s%s", whole ? "" : section,
	                whole ? "" : ".", s) < (int)key_size;
}

/* What no single option can know. */
static bool agree(const struct config *c, const char *path, struct error *error)
{
	if (c->interval_max_s < c->interval_min_s)
		return error_set(error, EINVAL,
		                 "%s: watch.interval_max_s is below watch.interval_min_s", path);
	unsigned days;
	if (!hours_days(c->hours_days, &days))
		return error_set(error, EINVAL,
		                 "%s: hours.days = %.64s: mon-fri or mon tue sat is needed",
		                 path, c->hours_days);
	if (!(c->hours_from_h < c->hours_to_h) && !(c->hours_from_h > c->hours_to_h))
		return error_set(error, EINVAL, "%s: hours.to_h is hours.from_h: that is never",
		                 path);
	return true;
}

/* `text` is cut up. */
static bool parse(struct config *config, char *text, const char *path, struct error *error)
{
	struct config fresh = config_default();
	struct error why;
	char section[64] = "", key[128], *value;
	bool good = true;
	int number = 1;
	for (char *line = text, *next; good && line != NULL; line = next, number++) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (!read_line(line, section, sizeof section, key, sizeof key, &value))
			good = error_set(error, EINVAL,
			                 "%s:%d: neither [section] nor key = value", path,
			                 number);
		else if (value != NULL && !config_assign(&fresh, key, value, &why))
			good = error_set(error, EINVAL, "%s:%d: %s", path, number, why.text);
	}
	good = good && agree(&fresh, path, error);
	if (good)
		*config = fresh;
	return good;
}

static char *read_text(const char *path, struct error *error)
{
	size_t size;
	char *text = path_read_file(path, FILE_LIMIT, &size, error);
	if (text == NULL || strlen(text) == size)
		return text;
	free(text);
	error_set(error, EINVAL, "%s: not a text file", path);
	return NULL;
}

bool config_load(struct config *config, const char *path, struct error *error)
{
	if (access(path, F_OK) != 0 && errno == ENOENT) {
		*config = config_default();
		return true;
	}
	char *text = read_text(path, error);
	const bool good = text != NULL && parse(config, text, path, error);
	free(text);
	return good;
}

/* Is this line `key = ...`? *in_full: it names its section itself. *section is carried from line to
 * line. */
static bool sets_key(const char *line, size_t length, char *section, size_t section_size,
                     const char *key, bool *in_full)
{
	char copy[1024], found[128], *value;
	snprintf(copy, sizeof copy, "%.*s", (int)(length < 1000 ? length : 1000), line);
	if (!read_line(copy, section, section_size, found, sizeof found, &value) || value == NULL)
		return false;
	*in_full = strchr(trim(copy), '.') != NULL;
	return strcmp(found, key) == 0;
}

/* The file with one key replaced, or put in full under no section at its start. */
static char *replaced(const char *text, const char *key, const char *value)
{
	char *out = NULL, section[64] = "";
	size_t size = 0;
	bool done = false, in_full = true;
	FILE *to = open_memstream(&out, &size);
	if (to == NULL)
		return NULL;
	for (const char *line = text; *line != '\0';) {
		const char *end = strchr(line, '\n');
		const size_t length = end != NULL ? (size_t)(end - line) : strlen(line);
		const bool mine = sets_key(line, length, section, sizeof section, key, &in_full);
		if (mine && !done)
			fprintf(to, "%s = %s\n", in_full ? key : strchr(key, '.') + 1, value);
		else if (!mine)
			fprintf(to, "%.*s\n", (int)length, line);
		done |= mine;
		line += length + (end != NULL);
	}
	if (fclose(to) != 0 || done)
		return out;
	char *longer = NULL;
	if (asprintf(&longer, "%s = %s\n%s", key, value, out) < 0)
		longer = NULL;
	free(out);
	return longer;
}

static bool make_folder_of(const char *path, struct error *error)
{
	char folder[PATH_SIZE];
	if (snprintf(folder, sizeof folder, "%s", path) >= PATH_SIZE)
		return error_set(error, ENAMETOOLONG, "%.64s...: path too long", path);
	char *slash = strrchr(folder, '/');
	if (slash == NULL || slash == folder)
		return true;
	*slash = '\0';
	return path_make_dir(folder, error);
}

/* What would be in the file then is looked at, not what is: so a bad line can be put right. */
static bool is_good(const char *text, const char *path, struct error *error)
{
	struct config unused;
	char *copy = strdup(text);
	const bool good = copy != NULL ? parse(&unused, copy, path, error)
	                               : error_set(error, ENOMEM, "%s: out of memory", path);
	free(copy);
	return good;
}

bool config_set(const char *path, const char *key, const char *value, struct error *error)
{
	struct config check = config_default();
	if (!config_assign(&check, key, value, error))
		return false;
	/* People keep such files as links into a folder of their own: the link stays one. */
	char *target = realpath(path, NULL);
	char *old = target != NULL ? read_text(target, error) : strdup("");
	char *text = old != NULL ? replaced(old, key, value) : NULL;
	bool good = old != NULL &&
	            (text != NULL || error_set(error, ENOMEM, "%s: out of memory", path));
	good = good && is_good(text, path, error) && make_folder_of(path, error) &&
	       path_write_file(target != NULL ? target : path, text, strlen(text), error);
	free(text);
	free(old);
	free(target);
	return good;
}

bool config_rename_profile(const char *path, const char *from, const char *to, struct error *error)
{
	struct config config = config_default();
	return config_load(&config, path, error) &&
	       (strcmp(config.profile, from) != 0 || config_set(path, "watch.profile", to, error));
}

/* ---- for the other rooms ---- */

struct posture_config config_posture(const struct config *c)
{
	struct posture_config p = posture_config_default();
	p.slouch_drop_cm = c->slouch_drop_cm;
	p.forward_head_cm = c->forward_head_cm;
	p.looking_down_deg = c->looking_down_deg;
	p.lean_side_cm = c->lean_side_cm;
	p.head_roll_deg = c->head_roll_deg;
	p.yaw_deg = c->yaw_deg;
	p.recline_cm = c->recline_cm;
	p.too_close_cm = c->too_close_cm;
	p.raised_cm = c->raised_cm;
	p.shoulder_tilt_deg = c->shoulder_tilt_deg;
	p.dwell_s = c->dwell_s;
	p.dwell_share = c->dwell_share;
	p.release_s = c->release_s;
	return p;
}

struct breaks_config config_breaks(const struct config *c)
{
	struct breaks_config b = breaks_config_default();
	b.enabled[BREAK_MICRO] = c->micro_every_min > 0;
	b.every_s[BREAK_MICRO] = c->micro_every_min * 60;
	b.length_s[BREAK_MICRO] = c->micro_length_s;
	b.enabled[BREAK_MOVEMENT] = c->movement_every_min > 0;
	b.every_s[BREAK_MOVEMENT] = c->movement_every_min * 60;
	b.length_s[BREAK_MOVEMENT] = c->movement_length_min * 60;
	b.return_grace_s = c->return_grace_min * 60;
	b.answer_s = c->answer_min * 60;
	return b;
}

struct coach_config config_coach(const struct config *c)
{
	struct coach_config k = coach_config_default();
	k.per_hour = (int)c->per_hour;
	k.per_kind_s = c->per_kind_min * 60;
	k.return_grace_s = c->return_grace_min * 60;
	k.spacing_s = c->spacing_s;
	k.hydrate_s = c->hydrate_min * 60;
	k.still_s = c->still_min * 60;
	k.stand_every_s = c->stand_every_min * 60;
	k.stand_s = c->stand_min * 60;
	snprintf(k.place, sizeof k.place, "%.15s", c->place);
	return k;
}

bool config_hfov_known(const struct config *c)
{
	const double narrowest = 20; /* below that it is no field of view: 0 by default */
	return c->camera_hfov_deg >= narrowest;
}

struct camera config_camera(const struct config *c, int width, int height)
{
	struct camera k = config_hfov_known(c) ? camera_from_hfov(width, height, c->camera_hfov_deg)
	                                       : camera_unknown(width, height);
	/* What somebody read on a box, perhaps of another mode. */
	if (config_hfov_known(c))
		k.focal_sigma = 0.05;
	k.tilt_deg = c->camera_tilt_deg;
	k.tilt_sigma_deg = c->camera_tilt_sigma_deg;
	k.screen_top_cm = c->screen_top_cm;
	k.turn_forced = strcmp(c->camera_rotate, "auto") != 0;
	return k.turn_forced ? camera_turned(&k, atoi(c->camera_rotate) / 90) : k;
}

struct hours config_hours(const struct config *c)
{
	struct hours h = {c->hours_from_h, c->hours_to_h, HOURS_ALL_DAYS};
	hours_days(c->hours_days, &h.days); /* agree() has seen to it */
	return h;
}

struct report_context config_report(const struct config *c, const char *version)
{
	struct report_context r = {.posture = config_posture(c), .breaks = config_breaks(c)};
	snprintf(r.version, sizeof r.version, "unknot %s", version);
	snprintf(r.profile, sizeof r.profile, "%.63s", c->profile);
	return r;
}
