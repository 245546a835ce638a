/* Recordings: a folder of JPEGs, a file of JPEGs end to end, or one JPEG. */
#include "capture/capture.h"

#include "base/paths.h"
#include "base/text.h"
#include "image/jpeg.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct replay {
	struct capture base;
	struct jpeg_decoder *decoder;
	char **files;           /* a folder's pictures; one file otherwise */
	int file_count, next_file;
	bool loop;
	uint8_t *data;          /* the open file, whole */
	size_t size, position;
	uint64_t sequence;
	bool any;               /* this round gave at least one good picture */
};

/* ---- finding pictures in a stream ---- */

/* Where the next picture begins at or after `from`; size when none does. */
static size_t next_start(const uint8_t *data, size_t size, size_t from)
{
	while (from + 3 <= size) {
		const uint8_t *found = memchr(data + from, 0xff, size - from - 2);
		if (found == NULL)
			break;
		from = (size_t)(found - data);
		if (data[from + 1] == 0xd8 && data[from + 2] == 0xff)
			return from;
		from++;
	}
	return size;
}

/* Past the next marker in entropy-coded data, which may not hold one but for restarts: the marker's
 * own place, size when there is none. */
static size_t skip_scan(const uint8_t *data, size_t size, size_t i)
{
	while (i + 2 <= size) {
		const uint8_t *found = memchr(data + i, 0xff, size - i - 1);
		if (found == NULL)
			break;
		i = (size_t)(found - data);
		const uint8_t marker = data[i + 1];
		if (marker != 0xff && marker != 0 && !(marker >= 0xd0 && marker <= 0xd7))
			return i;
		i += marker == 0xff ? 1 : 2;
	}
	return size;
}

/* Bytes of the JPEG that starts at data[0]. Segments are walked by their lengths, so that a
 * thumbnail inside one ends nothing; where that walk fails, and where another picture starts before
 * this one's end, the picture is a broken one and ends at the next start: the rest of the stream is
 * not lost with it. */
static size_t jpeg_length(const uint8_t *data, size_t size)
{
	size_t i = 2, scanned = 0;
	while (i + 4 <= size) {
		const uint8_t marker = data[i + 1];
		if (data[i] == 0xff && marker == 0xd9)
			return i + 2;
		if (data[i] == 0xff && (marker == 0xff || marker == 0x01)) {
			i += marker == 0xff ? 1 : 2; /* fill byte; a marker without a length */
			continue;
		}
		/* What has no length has no place here, what is reserved is damage, and what damage
		 * put into a scan may have led beyond the next picture's start. */
		const size_t length = (size_t)data[i + 2] << 8 | data[i + 3];
		if (data[i] != 0xff || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd8) ||
		    length < 2 || length > size - i - 2)
			return next_start(data, size, scanned != 0 ? scanned : i);
		i += 2 + length;
		if (marker == 0xda)
			i = scanned = skip_scan(data, size, i);
	}
	return size; /* cut off, or ends with its end marker: the decoder will say which */
}

/* The next picture of the open file; false at its end. */
static bool next_picture(struct replay *r, const uint8_t **picture, size_t *length)
{
	const size_t start = next_start(r->data, r->size, r->position);
	r->position = r->size;
	if (start == r->size)
		return false;
	*picture = r->data + start;
	*length = jpeg_length(*picture, r->size - start);
	r->position = start + *length;
	return true;
}

/* ---- files ---- */

/* A recording larger than this is not taken: it is held in memory. */
static const size_t file_limit = (size_t)1 << 30;

static void close_file(struct replay *r)
{
	free(r->data);
	r->data = NULL;
	r->size = r->position = 0;
}

/* Read, not mapped: a mapped file that somebody cuts short while it plays would end the program by
 * SIGBUS. */
static bool open_file(struct replay *r, const char *path, struct error *error)
{
	size_t size;
	char *data = path_read_file(path, file_limit, &size, error);
	if (data != NULL && size == 0) {
		error_set(error, 0, "%s: empty", path);
		free(data);
		data = NULL;
	}
	if (data == NULL)
		return false;
	close_file(r);
	r->data = (uint8_t *)data;
	r->size = size;
	return true;
}

static int is_jpeg(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');
	return dot != NULL && (text_same_ascii(dot, ".jpg") || text_same_ascii(dot, ".jpeg"));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool list_folder(struct replay *r, const char *folder, struct error *error)
{
	struct dirent **names;
	int n = scandir(folder, &names, is_jpeg, by_name);
	if (n < 0)
		return error_set(error, errno, "%s: %s", folder, strerror(errno));
	r->files = calloc((size_t)n + 1, sizeof *r->files);
	for (int i = 0; i < n; i++) {
		if (r->files != NULL &&
		    asprintf(&r->files[r->file_count], "%s/%s", folder, names[i]->d_name) > 0)
			r->file_count++;
		free(names[i]);
	}
	free(names);
	return r->file_count > 0 || error_set(error, ENOENT, "%s: no .jpg in this folder", folder);
}

/* ---- capture ---- */

static enum capture_status replay_start(struct capture *c, struct error *error)
{
	(void)c, (void)error;
	return CAPTURE_FRAME;
}

static void replay_discard(struct capture *c)
{
	(void)c;
}

static void replay_stop(struct capture *c)
{
	(void)c;
}

static enum capture_status replay_read(struct capture *c, double timeout_s, struct frame *frame,
                                       struct error *error)
{
	struct replay *r = (struct replay *)c;
	const uint8_t *picture;
	size_t length;
	(void)timeout_s;
	while (r->data == NULL || !next_picture(r, &picture, &length)) {
		close_file(r);
		if (r->next_file == r->file_count) {
			if (!r->loop || !r->any)
				return CAPTURE_END;
			r->next_file = 0;
			r->any = false;
		}
		if (!open_file(r, r->files[r->next_file++], error))
			return CAPTURE_CORRUPT;
	}
	const double seconds = (double)r->sequence / c->fps;
	const uint64_t sequence = r->sequence++;
	if (!jpeg_decode(r->decoder, picture, length, c->enough_width, frame, error))
		return CAPTURE_CORRUPT;
	r->any = true;
	frame->seconds = seconds;
	frame->sequence = sequence;
	return CAPTURE_FRAME;
}

static void replay_free(struct capture *c)
{
	struct replay *r = (struct replay *)c;
	close_file(r);
	jpeg_decoder_free(r->decoder);
	for (int i = 0; i < r->file_count; i++)
		free(r->files[i]);
	free(r->files);
	free(r);
}

static const struct capture_ops replay_ops = {replay_start, replay_read, replay_discard,
                                               replay_stop, replay_free};

/* "PATH[@fps][,loop]". A file of that whole name is meant as it is: "me@work/day,loop" is a name
 * too. */
static bool parse_spec(struct replay *r, const char *spec, char *path,
                       size_t size, struct error *error)
{
	if (strncmp(spec, "replay:", 7) == 0)
		spec += 7;
	if (snprintf(path, size, "%s", spec) >= (int)size)
		return error_set(error, ENAMETOOLONG, "%.100s...: path too long", spec);
	if (*path != '\0' && access(path, F_OK) == 0)
		return true;
	char *comma = strrchr(path, ',');
	if (comma != NULL && strcmp(comma, ",loop") == 0) {
		*comma = '\0';
		r->loop = true;
	}
	char *at = strrchr(path, '@'), *end;
	if (at != NULL && strchr(at, '/') == NULL && access(path, F_OK) != 0) {
		double fps = strtod(at + 1, &end);
		if (end == at + 1 || *end != '\0' || !(fps >= 0.001 && fps <= 1000))
			return error_set(error, EINVAL, "%s: after @ comes a frame rate like @30",
			                 spec);
		r->base.fps = fps;
		*at = '\0';
	}
	return *path != '\0' || error_set(error, EINVAL, "replay: no file or folder named");
}

struct capture *capture_replay(const char *spec, struct error *error)
{
	char path[4096];
	struct stat info;
	struct replay *r = calloc(1, sizeof *r);
	if (r == NULL) {
		error_set(error, ENOMEM, "%s: out of memory", "replay");
		return NULL;
	}
	r->base.ops = &replay_ops;
	bool good = parse_spec(r, spec, path, sizeof path, error) &&
	            (stat(path, &info) == 0 ||
	             error_set(error, errno, "%s: %s", path, strerror(errno)));
	if (good && S_ISDIR(info.st_mode)) {
		good = list_folder(r, path, error);
		if (r->base.fps <= 0)
			r->base.fps = 1;
	} else if (good) {
		r->files = calloc(1, sizeof *r->files);
		good = r->files != NULL && (r->files[0] = strdup(path)) != NULL;
		r->file_count = good;
		good = good && open_file(r, path, error);
		r->next_file = 1;
		if (r->base.fps <= 0)
			r->base.fps = 30;
	}
	r->decoder = good ? jpeg_decoder_create(error) : NULL;
	if (r->decoder == NULL) {
		replay_free(&r->base);
		return NULL;
	}
	snprintf(r->base.name, sizeof r->base.name, "%.120s", path);
	snprintf(r->base.id, sizeof r->base.id, "%.120s", path);
	return &r->base;
}
