/* To be preloaded into unknotd: when it opens its history, which is after it gave up its rights,
 * everything in attempts.c is tried from inside it. One line each on standard error: "intruder:
 * NAME: expected E, got E". */
#include "../unit/attempts.h"

#include <dlfcn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

int sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs)
{
	static bool done;
	const char *own = getenv("INTRUDER_OWN"), *other = getenv("INTRUDER_OTHER");
	if (!done && own != NULL && other != NULL) {
		done = true;
		attempts_in(own, other);
		for (int i = 0; i < attempt_count; i++)
			fprintf(stderr, "intruder: %s: landlock %d, expected %d, got %d\n",
			        attempts[i].name,
			        attempts[i].landlock, attempts[i].refusal,
			        attempt_result(&attempts[i]));
	}
	int (*real)(const char *, sqlite3 **, int, const char *);
	*(void **)&real = dlsym(RTLD_NEXT, "sqlite3_open_v2");
	return real(path, db, flags, vfs);
}
