/* Names what is wrong and what to do. */
#include "base/paths.h"
#include "capture/capture.h"
#include "capture/manners.h"
#include "cli/cli.h"
#include "config/config.h"
#include "control/control.h"
#include "cpu/cpu.h"
#include "geometry/profile_store.h"
#include "net/net.h"
#include "sandbox/sandbox.h"
#include "store/store.h"

#include <gio/gio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int problems;

__attribute__((format(printf, 3, 4))) static void tell(bool good, const char *what, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	printf("%s %-14s ", good ? "ok  " : "BAD ", what);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	problems += !good;
}

static void check_cameras(void)
{
	enum { MAX = 16 };
	struct capture_device list[MAX];
	int count = capture_list(list, MAX), usable = 0;
	for (int i = 0; i < count && i < MAX; i++) {
		usable += list[i].usable;
		struct camera_holder holder;
		if (manners_holders(list[i].path, &holder, 1) > 0)
			printf("     %-14s is open in %s (process %d)\n", list[i].path, holder.program,
			       holder.pid);
		printf("     %-14s %s %s [%s] %s%s\n", list[i].path, list[i].name, list[i].id, list[i].formats,
		       list[i].usable ? "" : "not used: ", list[i].why_not);
	}
	tell(usable > 0, "camera", "%d usable of %d nodes%s", usable, count,
	     usable > 0 ? "" : "; plug one in, or check the group video");
}

static void check_models(void)
{
	struct error error;
	struct model_file *f = model_file_open(NULL, &error);
	if (f == NULL) {
		tell(false, "networks", "%s", error.text);
		return;
	}
	tell(true, "networks", "sha256 %.16s...", model_file_hash(f));
	model_file_close(f);
}

/* What this kernel can do for the daemon. */
static void check_sandbox(void)
{
	const struct sandbox possible = sandbox_available();
	char text[256];
	sandbox_describe(&possible, text, sizeof text);
	tell(possible.landlock > 0 && possible.seccomp, "sandbox", "%s", text);
}

static void check_config(void)
{
	struct error error;
	struct config config;
	char path[PATH_SIZE], state[PATH_SIZE];
	if (!path_config_file(path, &error) || !config_load(&config, path, &error)) {
		tell(false, "configuration", "%s", error.text);
		return;
	}
	tell(true, "configuration", "%s%s", path, access(path, F_OK) == 0 ? "" : " (not there: defaults)");
	struct profile *p = calloc(PROFILES_MAX, sizeof *p);
	int count = 0;
	if (p != NULL && path_state_dir(state, &error)) {
		bool good = profile_candidates(state, config.profile, "", p, &count, &error);
		tell(good && count > 0, "profile", "%s", !good ? error.text
		     : count > 0 ? p[0].name : "none yet; run `unknot calibrate`");
	}
	free(p);
}

static void check_history(void)
{
	struct error error;
	char state[PATH_SIZE];
	struct statvfs disk;
	if (!path_state_dir(state, &error)) {
		tell(false, "history", "%s", error.text);
		return;
	}
	struct store *s = store_open(state, NULL, &error);
	tell(s != NULL, "history", "%s", s != NULL ? state : error.text);
	store_close(s);
	if (statvfs(state, &disk) == 0) {
		double mb = (double)disk.f_bavail * (double)disk.f_frsize / 1e6;
		tell(mb > 50, "disk", "%.0f MB free%s", mb, mb > 50 ? "" : "; free some space");
	}
}

static bool name_is_owned(GDBusConnection *bus, const char *name)
{
	gboolean owned = FALSE;
	GVariant *r = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
	                                          "org.freedesktop.DBus", "NameHasOwner",
	                                          g_variant_new("(s)", name), NULL,
	                                          G_DBUS_CALL_FLAGS_NONE, 2000, NULL, NULL);
	if (r != NULL) {
		g_variant_get(r, "(b)", &owned);
		g_variant_unref(r);
	}
	return owned;
}

static void check_bus(void)
{
	GError *why = NULL;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &why);
	tell(bus != NULL, "session bus", "%s", bus != NULL ? "there" : why->message);
	if (bus == NULL) {
		g_error_free(why);
		return;
	}
	bool server = name_is_owned(bus, "org.freedesktop.Notifications");
	tell(server, "notifications", "%s", server ? "a server is there"
	     : "no server; start your desktop's, or one like dunst");
	bool daemon = name_is_owned(bus, CONTROL_NAME);
	tell(daemon, "unknotd", "%s", daemon ? "running" : "not running; systemctl --user start unknot");
	g_object_unref(bus);
}

static int run(const struct command *c, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		return cli_help(c);
	if (argc > 1)
		return cli_usage(c, "%s: takes no argument", argv[1]);
	tell(true, "processor", "kernels for %s", cpu_level_name(cpu_level()));
	check_models();
	check_sandbox();
	check_config();
	check_cameras();
	check_history();
	check_bus();
	return problems == 0 ? CLI_DONE : CLI_FAILED;
}

const struct command command_doctor = {
	"doctor", "", "Name what is wrong and what to do",
	"Checks networks, sandbox, configuration, profile, cameras, history, disk, session bus, notification "
	"server.\n",
	run,
};
