/* The daemon, as the window knows it: its state, its signals and what it can be asked. Nothing here
 * waits: answers come in the main loop. */
#ifndef UNKNOT_WINDOW_LINK_H
#define UNKNOT_WINDOW_LINK_H

#include <cjson/cJSON.h>
#include <gio/gio.h>
#include <stdbool.h>

struct link;

/* On this bus; NULL: there is none, and never a daemon. */
struct link *link_new(GDBusConnection *bus);
void link_free(struct link *);

/* Is a daemon there? Not until the bus has said so. */
bool link_there(const struct link *);
/* What its Status said last, NULL when there is none; valid until the next change. */
const cJSON *link_status(const struct link *);

/* Told when a daemon comes or goes and whenever its state may have changed. Status is asked for on
 * each of its signals and every two seconds, while anybody watches. */
typedef void link_changed_fn(void *user);
unsigned link_watch(struct link *, link_changed_fn *, void *user);
void link_unwatch(struct link *, unsigned id);

/* The signals of the interface, by name, with their arguments: Alert, Break, Answer. */
typedef void link_signal_fn(void *user, const char *signal, GVariant *arguments);
unsigned link_listen(struct link *, link_signal_fn *, void *user);
void link_unlisten(struct link *, unsigned id);

/* Calls a method; starts a daemon for it where `start`. `reply` is NULL when it failed, and then
 * `problem` says why in one line, in the person's language where it is that no daemon runs. `done`
 * may be NULL. */
typedef void link_done_fn(void *user, GVariant *reply, const char *problem);
void link_call(struct link *, const char *method, GVariant *arguments,
               bool start, link_done_fn *done, void *user);

#endif
