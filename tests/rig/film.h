/* What the emulated camera sees: a file of JPEGs one after another, played in a circle. */
#ifndef UNKNOT_RIG_FILM_H
#define UNKNOT_RIG_FILM_H

#include "uvc.h"

#include <stddef.h>
#include <stdint.h>

struct picture {
	const uint8_t *data;
	size_t size;
};

struct film;

/* NULL with a message on standard error. */
struct film *film_open(const char *path);
void film_free(struct film *);

/* The picture of that number, counted round and round, as the camera's format has it; valid until
 * the next call. The pictures of a film for a raw format must have the camera's size. */
struct picture film_picture(struct film *, uint64_t number, const struct uvc *);

#endif
