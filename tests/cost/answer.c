/* cost_answer [TIMES]: how long the daemon on this session bus takes to answer `status`: median and
 * largest, from the call to the reply, by a client that is connected already. */
#include "control/control.h"

#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>

enum { TIMES_MAX = 10000, PAUSE_US = 20 * 1000, BEGINS_WITHIN = 500 };

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Milliseconds, or -1. */
static double ask(GDBusConnection *bus)
{
	const gint64 begin = g_get_monotonic_time();
	GVariant *answer = g_dbus_connection_call_sync(bus, CONTROL_NAME,
	                                               CONTROL_PATH, CONTROL_INTERFACE,
	                                               "Status", NULL,
	                                               NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1,
	                                               NULL, NULL);
	const double took = (double)(g_get_monotonic_time() - begin) * 1e-3;
	if (answer == NULL)
		return -1;
	g_variant_unref(answer);
	return took;
}

int main(int argc, char **argv)
{
	static double took[TIMES_MAX];
	const int times = argc > 1 ? atoi(argv[1]) : 500;
	GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (bus == NULL || times < 1 || times > TIMES_MAX) {
		fputs("usage: cost_answer [TIMES], where there is a session bus\n", stderr);
		return 2;
	}
	for (int i = 0; i < BEGINS_WITHIN && ask(bus) < 0; i++)
		g_usleep(PAUSE_US);
	for (int i = 0; i < times; i++) {
		took[i] = ask(bus);
		if (took[i] < 0) {
			fputs("cost_answer: no answer\n", stderr);
			return 1;
		}
		g_usleep(PAUSE_US);
	}
	qsort(took, (size_t)times, sizeof *took, by_size);
	printf("status answered    %8d times, median %.1f ms, largest %.1f ms\n",
	       times, took[times / 2], took[times - 1]);
	g_object_unref(bus);
	return 0;
}
