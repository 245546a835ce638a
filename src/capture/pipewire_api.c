#include "capture/pipewire_api.h"

#include <dlfcn.h>
#include <pthread.h>
#include <spa/support/log.h>
#include <string.h>

static struct pipewire_api api;
static bool opened;
static struct error why;

static void open_library(void)
{
	void *library = dlopen("libpipewire-0.3.so.0", RTLD_NOW | RTLD_LOCAL);
	if (library == NULL) {
		error_set(&why, 0,
		          "PipeWire: its library is not installed (Debian: libpipewire-0.3-0)");
		return;
	}
#define X(name) { \
		void *found = dlsym(library, "pw_" #name); \
		memcpy(&api.name, &found, sizeof found); \
		if (found == NULL) { \
			error_set(&why, 0, "PipeWire: its library lacks %s", "pw_" #name); \
			return; \
		} \
	}
	PIPEWIRE_FUNCTIONS(X)
#undef X
	api.init(NULL, NULL);
	api.log_set_level(SPA_LOG_LEVEL_NONE); /* our errors say it, where it is one */
	opened = true;
}

const struct pipewire_api *pipewire_api(struct error *error)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, open_library);
	if (opened)
		return &api;
	error_set(error, why.code, "%s", why.text);
	return NULL;
}
