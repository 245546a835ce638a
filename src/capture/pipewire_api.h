/* Inside the room: libpipewire, opened at run time. The daemon needs none of it where there is
 * none; of its headers only what is inline or a constant is used besides. */
#ifndef UNKNOT_CAPTURE_PIPEWIRE_API_H
#define UNKNOT_CAPTURE_PIPEWIRE_API_H

#include "base/error.h"

#include <pipewire/impl-module.h>
#include <pipewire/pipewire.h>

#define PIPEWIRE_FUNCTIONS(X) \
	X(init) X(log_set_level) X(loop_new) X(loop_destroy) X(context_new) X(context_destroy) \
	X(context_connect) X(context_load_module) X(core_disconnect) X(proxy_destroy) \
	X(properties_new) X(stream_new) \
	X(stream_destroy) X(stream_add_listener) X(stream_connect) X(stream_update_params) \
	X(stream_dequeue_buffer) X(stream_queue_buffer) X(stream_get_node_id)

struct pipewire_api {
#define X(name) __typeof__(&pw_##name) name;
	PIPEWIRE_FUNCTIONS(X)
#undef X
};

/* The same table at every call, opened by the first; NULL where the library is missing or lacks a
 * function. It stays loaded: what it starts it does not end. */
const struct pipewire_api *pipewire_api(struct error *);

#endif
