/* A PipeWire camera without hardware, for tests: pipewire_camera NAME KIND PATH [JPEG]
 * KIND: yuy2, nv12, i420, gray8, mjpg (of the file JPEG), or YUY2 of another kind: short, long,
 * away: its size or place lies; wide: rows lie apart, 7 between them; late: filled with the
 * hundredths of a second of the monotonic clock; screen: no camera's, but a screen's.
 * Pictures of 64x48, 30 a second, each plane filled with 100 + its number. Drives its graph with a
 * timer of its own, as a camera does. PATH is its object.path, as the session manager gives it to
 * what it finds. */
#include <pipewire/pipewire.h>
#include <spa/param/video/format-utils.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 64, HEIGHT = 48, RATE = 30, ROOM = 1 << 20 };

static struct producer {
	struct pw_main_loop *loop;
	struct pw_stream *stream;
	struct spa_source *timer;
	const char *kind;
	uint32_t format;
	int stride;
	size_t size;
	unsigned char picture[ROOM];
} p;

static void on_quit(void *data, int number)
{
	(void)data, (void)number;
	pw_main_loop_quit(p.loop);
}

static void on_timer(void *data, uint64_t expirations)
{
	(void)data, (void)expirations;
	pw_stream_trigger_process(p.stream);
}

static void on_process(void *data)
{
	(void)data;
	struct pw_buffer *b = pw_stream_dequeue_buffer(p.stream);
	if (b == NULL)
		return;
	struct spa_data *d = &b->buffer->datas[0];
	if (strcmp(p.kind, "late") == 0) {
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		memset(p.picture, (int)(now.tv_sec * 100 + now.tv_nsec / 10000000) & 0xff, p.size);
	}
	if (d->data != NULL) {
		memcpy(d->data, p.picture, SPA_MIN(p.size, d->maxsize));
		d->chunk->offset = strcmp(p.kind, "away") == 0 ? 0xfffffff0 : 0;
		d->chunk->size = strcmp(p.kind, "short") == 0  ? (uint32_t)p.size / 2
		                 : strcmp(p.kind, "long") == 0 ? 0xffffffff : (uint32_t)p.size;
		d->chunk->stride = p.stride;
		d->chunk->flags = 0;
	}
	pw_stream_queue_buffer(p.stream, b);
}

static void on_state(void *data, enum pw_stream_state old, enum pw_stream_state state,
                     const char *error)
{
	(void)data, (void)old, (void)error;
	const bool on = state == PW_STREAM_STATE_STREAMING;
	struct timespec every = {0, on ? 1000000000L / RATE : 0};
	pw_loop_update_timer(pw_main_loop_get_loop(p.loop), p.timer, &every, &every, false);
}

static void on_param(void *data, uint32_t id, const struct spa_pod *param)
{
	(void)data;
	if (id != SPA_PARAM_Format || param == NULL)
		return;
	unsigned char room[512];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(room, sizeof room);
	const struct spa_pod *buffers =
		spa_pod_builder_add_object(&b, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers,
			SPA_PARAM_BUFFERS_buffers, SPA_POD_CHOICE_RANGE_Int(4, 2, 8),
			SPA_PARAM_BUFFERS_blocks, SPA_POD_Int(1),
			SPA_PARAM_BUFFERS_size, SPA_POD_Int((int)p.size),
			SPA_PARAM_BUFFERS_stride, SPA_POD_Int(p.stride),
			SPA_PARAM_BUFFERS_dataType, SPA_POD_CHOICE_FLAGS_Int(1 << SPA_DATA_MemFd));
	pw_stream_update_params(p.stream, &buffers, 1);
}

static const struct pw_stream_events events = {PW_VERSION_STREAM_EVENTS, .state_changed = on_state,
                                               .param_changed = on_param, .process = on_process};

static void fill(size_t at, size_t size, int level)
{
	memset(p.picture + at, level, size);
	p.size = at + size;
}

static bool make_picture(const char *jpeg)
{
	const size_t luma = (size_t)WIDTH * HEIGHT;
	p.stride = WIDTH;
	if (strcmp(p.kind, "mjpg") == 0) {
		FILE *f = jpeg != NULL ? fopen(jpeg, "rb") : NULL;
		p.format = SPA_VIDEO_FORMAT_ENCODED;
		p.stride = 0;
		p.size = f != NULL ? fread(p.picture, 1, ROOM, f) : 0;
		if (f != NULL)
			fclose(f);
		return p.size > 0;
	}
	fill(0, luma, 100);
	if (strcmp(p.kind, "gray8") == 0) {
		p.format = SPA_VIDEO_FORMAT_GRAY8;
	} else if (strcmp(p.kind, "nv12") == 0) {
		p.format = SPA_VIDEO_FORMAT_NV12;
		fill(luma, luma / 2, 101);
	} else if (strcmp(p.kind, "i420") == 0) {
		p.format = SPA_VIDEO_FORMAT_I420;
		fill(luma, luma / 4, 101);
		fill(luma * 5 / 4, luma / 4, 102);
	} else {
		p.format = SPA_VIDEO_FORMAT_YUY2;
		p.stride = 2 * WIDTH;
		fill(0, 2 * luma, 100);
	}
	if (strcmp(p.kind, "wide") == 0) {
		p.stride = 2 * WIDTH + 32;
		fill(0, (size_t)p.stride * HEIGHT, 7);
		for (int y = 0; y < HEIGHT; y++)
			memset(p.picture + y * p.stride, 100, 2 * WIDTH);
	}
	return true;
}

static const struct spa_pod *make_format(struct spa_pod_builder *b)
{
	const struct spa_rectangle size = SPA_RECTANGLE(WIDTH, HEIGHT);
	const struct spa_fraction rate = SPA_FRACTION(RATE, 1);
	if (p.format == SPA_VIDEO_FORMAT_ENCODED)
		return spa_pod_builder_add_object(b, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat,
			SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video),
			SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_mjpg),
			SPA_FORMAT_VIDEO_size, SPA_POD_Rectangle(&size),
			SPA_FORMAT_VIDEO_framerate, SPA_POD_Fraction(&rate));
	return spa_pod_builder_add_object(b, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat,
		SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video),
		SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_raw),
		SPA_FORMAT_VIDEO_format, SPA_POD_Id(p.format), SPA_FORMAT_VIDEO_size,
		SPA_POD_Rectangle(&size), SPA_FORMAT_VIDEO_framerate, SPA_POD_Fraction(&rate));
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	p.kind = argv[2];
	pw_init(NULL, NULL);
	if (!make_picture(argc > 4 ? argv[4] : NULL))
		return 1;
	p.loop = pw_main_loop_new(NULL);
	struct pw_loop *loop = pw_main_loop_get_loop(p.loop);
	pw_loop_add_signal(loop, SIGTERM, on_quit, NULL);
	p.timer = pw_loop_add_timer(loop, on_timer, NULL);
	p.stream = pw_stream_new_simple(loop, argv[1],
		pw_properties_new(PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_MEDIA_ROLE,
		                  strcmp(p.kind, "screen") == 0 ? "Screen" : "Camera",
		                  PW_KEY_NODE_NAME, argv[1],
		                  PW_KEY_NODE_DESCRIPTION, argv[1], PW_KEY_OBJECT_PATH,
		                  argv[3], NULL),
		&events, NULL);
	unsigned char room[1024];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(room, sizeof room);
	const struct spa_pod *format = make_format(&b);
	if (p.stream == NULL ||
	    pw_stream_connect(p.stream, PW_DIRECTION_OUTPUT, PW_ID_ANY,
	                      PW_STREAM_FLAG_DRIVER | PW_STREAM_FLAG_MAP_BUFFERS, &format, 1) < 0)
		return 1;
	pw_main_loop_run(p.loop);
	pw_stream_destroy(p.stream);
	pw_main_loop_destroy(p.loop);
	return 0;
}
