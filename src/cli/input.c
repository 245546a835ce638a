#include "cli/input.h"

#include "base/text.h"
#include "capture/capture.h"
#include "opencv/opencv.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum kind { KIND_PICTURE, KIND_STREAM, KIND_VIDEO };

struct entry {
	char *path;
	enum kind kind;
};

struct input {
	struct entry *entries;
	int count, room, next;
	double fps, time;
	long number;
	bool started; /* a frame has been given */
	struct cv_image *image;
	struct cv_video *video;
	struct capture *stream;
};

static bool has_extension(const char *path, const char *const *list)
{
	const char *dot = strrchr(path, '.');
	if (dot == NULL)
		return false;
	for (; *list != NULL; list++)
		if (text_same_ascii(dot + 1, *list))
			return true;
	return false;
}

static const char *const picture_types[] = {"jpg", "jpeg", "png", "bmp", "webp", "tif", "tiff",
                                            "ppm", "pgm", NULL};
static const char *const stream_types[] = {"mjpg", "mjpeg", NULL};

static bool append(struct input *in, const char *path, enum kind kind)
{
	if (in->count == in->room) {
		int room = in->room > 0 ? in->room * 2 : 64;
		struct entry *grown = realloc(in->entries, (size_t)room * sizeof *grown);
		if (grown == NULL)
			return false;
		in->entries = grown;
		in->room = room;
	}
	char *copy = strdup(path);
	if (copy == NULL)
		return false;
	in->entries[in->count++] = (struct entry){copy, kind};
	return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool append_folder(struct input *in, const char *folder, struct error *error)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, by_name);
	if (n < 0)
		return error_set(error, errno, "%s: %s", folder, strerror(errno));
	bool good = true;
	int found = 0;
	for (int i = 0; i < n; i++) {
		char path[4096];
		if (good && has_extension(names[i]->d_name, picture_types)) {
			snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
			good = append(in, path, KIND_PICTURE);
			found++;
		}
		free(names[i]);
	}
	free(names);
	if (!good)
		return error_set(error, 0, "%s: out of memory", folder);
	if (found == 0)
		return error_set(error, 0, "%s: no picture in this folder (.jpg, .png, ...)",
		                 folder);
	return true;
}

static bool append_path(struct input *in, const char *path, struct error *error)
{
	struct stat info;
	if (stat(path, &info) != 0)
		return error_set(error, errno, "%s: %s", *path ? path : "\"\"", strerror(errno));
	if (S_ISDIR(info.st_mode))
		return append_folder(in, path, error);
	enum kind kind = has_extension(path, picture_types) ? KIND_PICTURE
	               : has_extension(path, stream_types) ? KIND_STREAM : KIND_VIDEO;
	return append(in, path, kind) || error_set(error, 0, "%s: out of memory", path);
}

struct input *input_open(char *const *paths, int count, double fps, struct error *error)
{
	struct input *in = calloc(1, sizeof *in);
	if (in == NULL) {
		error_set(error, 0, "%s: out of memory", "input");
		return NULL;
	}
	in->fps = fps;
	for (int i = 0; i < count; i++)
		if (!append_path(in, paths[i], error)) {
			input_free(in);
			return NULL;
		}
	return in;
}

static void close_current(struct input *in)
{
	cv_image_free(in->image);
	in->image = NULL;
	cv_video_free(in->video);
	in->video = NULL;
	if (in->stream != NULL)
		in->stream->ops->free(in->stream);
	in->stream = NULL;
}

void input_free(struct input *in)
{
	if (in == NULL)
		return;
	close_current(in);
	for (int i = 0; i < in->count; i++)
		free(in->entries[i].path);
	free(in->entries);
	free(in);
}

static void stamp(struct input *in, struct frame *frame, double fps)
{
	frame->seconds = in->time;
	in->time += fps > 0 ? 1 / fps : 1;
}

static enum input_status open_next(struct input *in, struct error *error)
{
	const struct entry *e = &in->entries[in->next++];
	struct error why;
	in->number = -1;
	if (e->kind == KIND_PICTURE) {
		in->image = cv_image_read(e->path, error);
		return in->image != NULL ? INPUT_FRAME : INPUT_BAD;
	}
	if (e->kind == KIND_VIDEO) {
		in->video = cv_video_open(e->path, error);
		return in->video != NULL ? INPUT_FRAME : INPUT_BAD;
	}
	char spec[4200];
	snprintf(spec, sizeof spec, "replay:%s", e->path);
	in->stream = capture_replay(spec, error);
	if (in->stream == NULL)
		return INPUT_BAD;
	if (in->stream->ops->start(in->stream, &why) != CAPTURE_FRAME) {
		error_set(error, why.code, "%s", why.text);
		close_current(in);
		return INPUT_BAD;
	}
	return INPUT_FRAME;
}

/* A frame of the source that is open; INPUT_END when it has no more. */
static enum input_status read_current(struct input *in, struct frame *frame, struct error *error)
{
	if (in->image != NULL && in->number < 0) {
		*frame = cv_image_frame(in->image);
		stamp(in, frame, in->fps);
		return INPUT_FRAME;
	}
	if (in->video != NULL && cv_video_next(in->video, frame)) {
		stamp(in, frame, in->fps > 0 ? in->fps : cv_video_fps(in->video));
		return INPUT_FRAME;
	}
	if (in->stream != NULL) {
		enum capture_status got = in->stream->ops->read(in->stream, 1, frame, error);
		if (got == CAPTURE_FRAME)
			stamp(in, frame, in->fps > 0 ? in->fps : in->stream->fps);
		return got == CAPTURE_FRAME ? INPUT_FRAME
		       : got == CAPTURE_END ? INPUT_END : INPUT_BAD;
	}
	return INPUT_END;
}

enum input_status input_next(struct input *in, struct frame *frame, bool *fresh,
                             struct error *error)
{
	*fresh = false;
	for (;;) {
		if (in->image != NULL || in->video != NULL || in->stream != NULL) {
			enum input_status got = read_current(in, frame, error);
			if (got != INPUT_END) {
				in->number++;
				/* A still picture stands alone unless --fps made a sequence of
				 * them. */
				bool still = in->image != NULL && in->fps <= 0;
				*fresh = !in->started || still ||
				         (in->image == NULL && in->number == 0);
				in->started |= got == INPUT_FRAME;
				return got;
			}
			close_current(in);
		}
		if (in->next >= in->count)
			return INPUT_END;
		if (open_next(in, error) == INPUT_BAD)
			return INPUT_BAD;
	}
}

const char *input_source(const struct input *in)
{
	return in->next > 0 ? in->entries[in->next - 1].path : "";
}

long input_frame_number(const struct input *in)
{
	return in->number > 0 ? in->number : 0;
}
