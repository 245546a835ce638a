/* A stand-in for the message bus, in this process: whoever opens the session or the system bus
 * afterwards is connected to it. It hands over any message, of whatever type, as another program on
 * the bus could. */
#ifndef UNKNOT_TESTS_FUZZ_BUS_H
#define UNKNOT_TESTS_FUZZ_BUS_H

#include <gio/gio.h>
#include <stdbool.h>

/* Before the first thread. What GLib calls critical ends the program from then on. */
bool bus_begin(void);

/* What programs on the bus answer our calls with; NULL: that they are not there. Sinks the
 * reference. */
void bus_answer_with(GVariant *body);

/* To every connection that was opened; for a call with the reply's serial awaited. Sinks `body`. */
void bus_signal(const char *path, const char *interface, const char *member, GVariant *body);
void bus_call(const char *path, const char *interface, const char *method, GVariant *body);

/* Calls one method more and runs the main loop till its answer is there. By then everything that
 * was sent before has been dealt with and every call been answered; else the program is ended. The
 * answer is the method's text, to be freed with g_free(). */
char *bus_settle(const char *path, const char *interface, const char *method);

#endif
