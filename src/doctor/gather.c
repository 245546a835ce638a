/* The facts that `unknot doctor` judges. Nothing is changed by asking, and no daemon is started. */
#include "doctor/doctor.h"
#include "cli/words.h"

#include "base/paths.h"
#include "config/config.h"
#include "control/control.h"
#include "geometry/profile_store.h"
#include "net/net.h"

#include <dirent.h>
#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#ifndef UNKNOT_RELEASED
#error "UNKNOT_RELEASED comes from CMake"
#endif

static void gather_cameras(struct doctor_facts *d)
{
	struct capture_device list[DOCTOR_CAMERAS];
	const int count = capture_list_ways(list, DOCTOR_CAMERAS);
	d->camera_count = count < DOCTOR_CAMERAS ? count : DOCTOR_CAMERAS;
	for (int i = 0; i < d->camera_count; i++) {
		struct doctor_camera *c = &d->cameras[i];
		struct stat info;
		c->device = list[i];
		c->denied = access(list[i].path, R_OK | W_OK) != 0 && errno == EACCES;
		if (stat(list[i].path, &info) == 0)
			c->mode = info.st_mode & 07777;
		if (manners_holders(list[i].path, &c->holder, 1) <= 0)
			c->holder.pid = 0;
	}
}

static void gather_models(struct doctor_facts *d)
{
	struct error error;
	struct model_file *f = model_file_open(NULL, &error);
	if (f == NULL) {
		snprintf(d->models_error, sizeof d->models_error, "%s", error.text);
		return;
	}
	snprintf(d->models_hash, sizeof d->models_hash, "%s", model_file_hash(f));
	model_file_close(f);
}

static void gather_config(struct doctor_facts *d)
{
	struct error error;
	struct config config;
	char path[PATH_SIZE], state[PATH_SIZE];
	if (!path_config_file(path, &error) || !config_load(&config, path, &error)) {
		snprintf(d->config_error, sizeof d->config_error, "%s", error.text);
		return;
	}
	struct profile *p = calloc(PROFILES_MAX, sizeof *p);
	if (p != NULL && path_state_dir(state, &error) &&
	    !profile_candidates(state, config.profile, "", p, &d->profiles, &error))
		snprintf(d->profile_error, sizeof d->profile_error, "%s", error.text);
	free(p);
}

/* ---- history and disk ---- */

/* The permission bits of a path; 0 when it is not there. */
static mode_t mode_of(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 ? info.st_mode & 07777 : 0;
}

/* The folder itself, or the parent that it would be made in. */
static bool can_be_written(const char *folder)
{
	char path[PATH_SIZE];
	snprintf(path, sizeof path, "%s", folder);
	for (char *slash; access(path, F_OK) != 0 && errno == ENOENT &&
	     (slash = strrchr(path, '/')) > path;)
		*slash = '\0';
	return access(path, W_OK | X_OK) == 0;
}

static void gather_state(struct doctor_facts *d)
{
	struct error error;
	char state[PATH_SIZE], history[PATH_SIZE];
	struct statvfs disk;
	d->free_mb = -1;
	d->sound = STORE_UNCHECKED;
	if (!path_state_dir(state, &error) ||
	    !path_join(history, state, "history.sqlite", &error)) {
		snprintf(d->store_error, sizeof d->store_error, "%s", error.text);
		return;
	}
	snprintf(d->state_dir, sizeof d->state_dir, "%.255s", state);
	d->state_writable = can_be_written(state);
	d->state_mode = mode_of(state);
	d->history_mode = mode_of(history);
	if (statvfs(state, &disk) == 0)
		d->free_mb = (double)disk.f_bavail * (double)disk.f_frsize / 1e6;
	if (d->history_mode == 0)
		return;
	const atomic_bool stop = false;
	struct store *s = store_open(state, NULL, &error);
	if (s == NULL)
		snprintf(d->store_error, sizeof d->store_error, "%s", error.text);
	store_close(s);
	d->sound = store_check(state, &stop);
}

/* ---- the session bus ---- */

enum { ASK_MS = 2000 };

static GVariant *ask(GDBusConnection *bus, const char *name, const char *path, const char *method,
                     GVariant *arguments, const char *type)
{
	return g_dbus_connection_call_sync(bus, name, path, name, method,
	                                   arguments, G_VARIANT_TYPE(type),
	                                   G_DBUS_CALL_FLAGS_NO_AUTO_START, ASK_MS, NULL, NULL);
}

static bool name_is_owned(GDBusConnection *bus, const char *name)
{
	gboolean owned = FALSE;
	GVariant *r = ask(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "NameHasOwner",
	                  g_variant_new("(s)", name), "(b)");
	if (r != NULL) {
		g_variant_get(r, "(b)", &owned);
		g_variant_unref(r);
	}
	return owned;
}

/* A server may call itself anything, and the name goes to a terminal. */
static void take_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
	for (; *to != '\0'; to++)
		if (*to < 0x20 || *to > 0x7e)
			*to = '?';
}

static void gather_server(struct doctor_facts *d, GDBusConnection *bus)
{
	static const char name[] = "org.freedesktop.Notifications",
	                  path[] = "/org/freedesktop/Notifications";
	GVariant *r = ask(bus, name, path, "GetServerInformation", NULL, "(ssss)");
	if (r == NULL)
		return;
	const char *program, *maker, *version, *spec, *can;
	g_variant_get(r, "(&s&s&s&s)", &program, &maker, &version, &spec);
	take_text(d->server_name, sizeof d->server_name, program);
	take_text(d->server_version, sizeof d->server_version, version);
	g_variant_unref(r);
	d->server = true;
	r = ask(bus, name, path, "GetCapabilities", NULL, "(as)");
	if (r == NULL)
		return;
	GVariantIter *list;
	g_variant_get(r, "(as)", &list);
	while (g_variant_iter_next(list, "&s", &can)) {
		d->server_actions |= strcmp(can, "actions") == 0;
		d->server_body |= strcmp(can, "body") == 0;
	}
	g_variant_iter_free(list);
	g_variant_unref(r);
}

static void gather_off(struct doctor_facts *d, GDBusConnection *bus)
{
	GVariant *r = g_dbus_connection_call_sync(
		bus, CONTROL_NAME, CONTROL_PATH, "org.freedesktop.DBus.Properties", "Get",
		g_variant_new("(ss)", CONTROL_INTERFACE, "Off"), G_VARIANT_TYPE("(v)"),
		G_DBUS_CALL_FLAGS_NO_AUTO_START, ASK_MS, NULL, NULL);
	GVariant *value;
	size_t used = 0;
	if (r == NULL)
		return;
	g_variant_get(r, "(v)", &value);
	const char **reasons = g_variant_is_of_type(value, G_VARIANT_TYPE_STRING_ARRAY)
	                       ? g_variant_get_strv(value, NULL) : NULL;
	for (int i = 0; reasons != NULL && reasons[i] != NULL && used < sizeof d->off; i++)
		used += (size_t)snprintf(d->off + used, sizeof d->off - used,
		                         "%s%s", i > 0 ? ", " : "", words_of_off(reasons[i]));
	g_free(reasons);
	g_variant_unref(value);
	g_variant_unref(r);
}

static void gather_bus(struct doctor_facts *d)
{
	GError *why = NULL;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &why);
	d->bus = bus != NULL;
	if (bus == NULL) {
		snprintf(d->bus_error, sizeof d->bus_error, "%.255s", why->message);
		g_error_free(why);
		return;
	}
	gather_server(d, bus);
	d->daemon = name_is_owned(bus, CONTROL_NAME);
	if (d->daemon)
		gather_off(d, bus);
	g_object_unref(bus);
}

/* ---- clock and other people ---- */

static int64_t released_s(void)
{
	struct tm day = {0};
	return strptime(UNKNOT_RELEASED, "%Y-%m-%d", &day) != NULL ? (int64_t)timegm(&day) : 0;
}

static void gather_clock(struct doctor_facts *d)
{
	struct timex t = {.modes = 0};
	const char *zone = getenv("TZ");
	d->now_s = time(NULL);
	d->built_s = released_s();
	d->zone_known = (zone != NULL && *zone != '\0') || access("/etc/localtime", R_OK) == 0;
	d->synchronised = adjtimex(&t) != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
}

/* logind's own notes, KEY=VALUE lines in one file per session. */
static unsigned session_user(const char *path)
{
	char line[256];
	unsigned user = 0;
	bool person = false;
	FILE *file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		sscanf(line, "UID=%u", &user);
		person |= strcmp(line, "CLASS=user\n") == 0;
	}
	if (file != NULL)
		fclose(file);
	return person ? user : 0;
}

static void gather_people(struct doctor_facts *d)
{
	static const char folder[] = "/run/systemd/sessions";
	unsigned seen[16];
	char path[512];
	int count = 0;
	DIR *dir = opendir(folder);
	d->other_users = dir != NULL ? 0 : -1;
	for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		const unsigned user = e->d_name[0] != '.' ? session_user(path) : 0;
		bool known = user == 0 || user == getuid() || count == 16;
		for (int i = 0; i < count; i++)
			known |= seen[i] == user;
		if (!known)
			seen[count++] = user;
	}
	if (dir != NULL) {
		closedir(dir);
		d->other_users = count;
	}
}

void doctor_gather(struct doctor_facts *d)
{
	gather_cameras(d);
	gather_models(d);
	gather_config(d);
	gather_bus(d);
	d->sandbox = sandbox_available();
	gather_state(d);
	gather_clock(d);
	gather_people(d);
}
