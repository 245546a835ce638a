/* Cameras that V4L2 cannot give, and one that PipeWire holds: a client that runs PipeWire's loop
 * only while somebody waits for a picture, on the thread that asks. The sequence is that of part 5
 * of the tutorial in PipeWire's documentation; what is done otherwise, and why, stands beside
 * it. */
#include "capture/capture.h"

#include "base/text.h"
#include "capture/pipewire_api.h"
#include "image/jpeg.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <spa/param/video/format-utils.h>
#include <spa/utils/result.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

/* The server answers within a millisecond where it is well. */
static const double server_s = 2;

enum { NODES_MAX = 64, LINKS_MAX = 256, PLANES = 3 };

struct node {
	uint32_t id;
	char serial[32], name[128], description[128], path[256];
};

struct link {
	uint32_t id, output, input;
};

struct camera {
	struct capture base;
	const struct pipewire_api *pw;
	char wanted[256];               /* part of the node's name, or "v4l2:/dev/videoN"; "" any */
	char chosen[128];               /* node.name of the one that was
	                                 * taken: no other is from then on */
	bool only_shared;               /* join, or leave it alone */
	int width, height;

	struct pw_loop *loop;
	struct pw_context *context;
	struct pw_core *core;           /* NULL: not connected */
	struct pw_registry *registry;
	struct pw_stream *stream;
	struct spa_hook core_hook, registry_hook, stream_hook;
	int sync;
	bool synced, lost, gone;        /* the server answered; it went away; the node did */
	bool failed;                    /* the stream has, see why */
	struct error why;
	struct node nodes[NODES_MAX];
	int node_count;
	struct link links[LINKS_MAX];
	int link_count;
	uint32_t node;                  /* the camera's id */

	struct spa_video_info format;
	bool fresh, bad;                /* a picture came, or one that cannot be one */
	uint8_t *picture;               /* a copy: the buffer goes back at once */
	size_t room, size;
	size_t offset[PLANES];
	int stride[PLANES];
	struct jpeg_decoder *decoder;
	uint64_t sequence;
};

static double now_s(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- the server ---- */

static void on_core_done(void *data, uint32_t id, int seq)
{
	struct camera *c = data;
	if (id == PW_ID_CORE && seq == c->sync)
		c->synced = true;
}

static void on_core_error(void *data, uint32_t id, int seq, int code, const char *message)
{
	struct camera *c = data;
	(void)seq, (void)message;
	if (id == PW_ID_CORE && code == -EPIPE)
		c->lost = true;
}

static const struct pw_core_events core_events = {PW_VERSION_CORE_EVENTS, .done = on_core_done,
                                                  .error = on_core_error};

static const char *look_up(const struct spa_dict *d, const char *key)
{
	const char *text = d != NULL ? spa_dict_lookup(d, key) : NULL;
	return text != NULL ? text : "";
}

static void copy_printable(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
	for (; *to != '\0'; to++)
		if (*to < 0x20 || *to > 0x7e)
			*to = '?';
}

static void add_node(struct camera *c, uint32_t id, const struct spa_dict *d)
{
	if (c->node_count == NODES_MAX ||
	    strcmp(look_up(d, PW_KEY_MEDIA_CLASS), "Video/Source") != 0 ||
	    strcmp(look_up(d, PW_KEY_MEDIA_ROLE), "Camera") != 0)
		return;
	struct node *n = &c->nodes[c->node_count++];
	n->id = id;
	snprintf(n->serial, sizeof n->serial, "%s", look_up(d, PW_KEY_OBJECT_SERIAL));
	copy_printable(n->name, sizeof n->name, look_up(d, PW_KEY_NODE_NAME));
	copy_printable(n->description, sizeof n->description, look_up(d, PW_KEY_NODE_DESCRIPTION));
	snprintf(n->path, sizeof n->path, "%s", look_up(d, PW_KEY_OBJECT_PATH));
}

static void add_link(struct camera *c, uint32_t id, const struct spa_dict *d)
{
	if (c->link_count == LINKS_MAX)
		return;
	c->links[c->link_count++] = (struct link){
		id, (uint32_t)strtoul(look_up(d, PW_KEY_LINK_OUTPUT_NODE), NULL, 10),
		(uint32_t)strtoul(look_up(d, PW_KEY_LINK_INPUT_NODE), NULL, 10)};
}

static void on_global(void *data, uint32_t id, uint32_t permissions, const char *type,
                      uint32_t version, const struct spa_dict *d)
{
	(void)permissions, (void)version;
	if (strcmp(type, PW_TYPE_INTERFACE_Node) == 0)
		add_node(data, id, d);
	else if (strcmp(type, PW_TYPE_INTERFACE_Link) == 0)
		add_link(data, id, d);
}

static void on_global_remove(void *data, uint32_t id)
{
	struct camera *c = data;
	c->gone |= id == c->node;
	for (int i = 0; i < c->link_count; i++)
		if (c->links[i].id == id)
			c->links[i] = c->links[--c->link_count];
}

static const struct pw_registry_events registry_events =
	{PW_VERSION_REGISTRY_EVENTS, .global = on_global,
         .global_remove = on_global_remove};

/* Until *done, the deadline, or something that makes waiting vain. */
static void run_until(struct camera *c, double deadline, const bool *done)
{
	double left = 1;
	while (!*done && !c->lost && !c->gone && !c->failed && left > 0) {
		left = deadline - now_s(CLOCK_MONOTONIC);
		const int milliseconds = left > 0 ? (int)ceil(left * 1000) : 0;
		if (pw_loop_iterate(c->loop, milliseconds) < 0 && errno != EINTR)
			break;
	}
}

/* Kept for the capture's life. Without a configuration, whose defaults would load a module that
 * asks for real-time priority: only what a stream needs. The loop is entered for good: while nobody
 * is in it, calls back come on a thread of the library's. */
static bool open_context(struct camera *c, struct error *error)
{
	const struct pipewire_api *pw = c->pw = pipewire_api(error);
	if (pw == NULL || c->context != NULL)
		return pw != NULL;
	c->loop = pw->loop_new(NULL);
	if (c->loop == NULL)
		return error_set(error, errno, "PipeWire: no loop: %s", strerror(errno));
	pw_loop_enter(c->loop);
	c->context = pw->context_new(c->loop, pw->properties_new(PW_KEY_CONFIG_NAME,
	                                                         "null", "mem.allow-mlock",
	                                                         "false", NULL), 0);
	if (c->context == NULL)
		return error_set(error, errno, "PipeWire: no context: %s", strerror(errno));
	if (pw->context_load_module(c->context, "libpipewire-module-protocol-native",
	                            NULL, NULL) == NULL ||
	    pw->context_load_module(c->context, "libpipewire-module-client-node",
	                            NULL, NULL) == NULL)
		return error_set(error, errno, "PipeWire: its modules are missing "
		                               "(Debian: libpipewire-0.3-modules)");
	/* PipeWire 1.6 makes no stream of raw pictures without it; 0.3 has it for sound alone. */
	pw->context_load_module(c->context, "libpipewire-module-adapter", NULL, NULL);
	return true;
}

static void close_context(struct camera *c)
{
	if (c->context != NULL)
		c->pw->context_destroy(c->context);
	if (c->loop != NULL) {
		pw_loop_leave(c->loop);
		c->pw->loop_destroy(c->loop);
	}
	c->context = NULL;
	c->loop = NULL;
}

static void disconnect(struct camera *c)
{
	if (c->stream != NULL)
		c->pw->stream_destroy(c->stream);
	if (c->registry != NULL)
		c->pw->proxy_destroy((struct pw_proxy *)c->registry);
	if (c->core != NULL)
		c->pw->core_disconnect(c->core);
	c->stream = NULL;
	c->registry = NULL;
	c->core = NULL;
}

/* The server, and all that is there. */
static enum capture_status connect_server(struct camera *c, struct error *error)
{
	if (c->context == NULL && !open_context(c, error)) {
		close_context(c);
		return CAPTURE_ERROR;
	}
	c->synced = c->lost = c->gone = c->failed = false;
	c->node_count = c->link_count = 0;
	c->node = SPA_ID_INVALID;
	c->core = c->pw->context_connect(c->context, NULL, 0);
	if (c->core == NULL)
		return error_set(error, errno, "PipeWire: no server (%s); is it running?",
		                 strerror(errno)),
		       CAPTURE_GONE;
	spa_zero(c->core_hook), spa_zero(c->registry_hook);
	pw_core_add_listener(c->core, &c->core_hook, &core_events, c);
	c->registry = pw_core_get_registry(c->core, PW_VERSION_REGISTRY, 0);
	if (c->registry != NULL) {
		pw_registry_add_listener(c->registry, &c->registry_hook, &registry_events, c);
		c->sync = pw_core_sync(c->core, PW_ID_CORE, 0);
		run_until(c, now_s(CLOCK_MONOTONIC) + server_s, &c->synced);
	}
	if (c->synced)
		return CAPTURE_FRAME;
	return error_set(error, 0, "PipeWire: the server does not answer"), CAPTURE_GONE;
}

/* ---- which camera ---- */

static bool is_from(const struct node *n, const char *maker)
{
	return strncmp(n->path, maker, strlen(maker)) == 0;
}

/* What libcamera made a picture of comes before what V4L2 gives, which we ask ourselves where it is
 * of use. */
static int rank_of(const struct node *n)
{
	const bool infrared = strcasestr(n->description, "infrared") != NULL ||
	                      strstr(n->description, "IR ") != NULL;
	return (infrared ? 4 : 0) + (is_from(n, "libcamera:") ? 0 : is_from(n, "v4l2:") ? 2 : 1);
}

static bool is_meant(const struct camera *c, const struct node *n)
{
	if (*c->chosen != '\0')
		return strcmp(n->name, c->chosen) == 0;
	if (strncmp(c->wanted, "v4l2:", 5) == 0)
		return strcmp(n->path, c->wanted) == 0;
	return *c->wanted == '\0' || strcasestr(n->name, c->wanted) != NULL ||
	       strcasestr(n->description, c->wanted) != NULL;
}

static const struct node *choose(const struct camera *c)
{
	const struct node *best = NULL;
	for (int i = 0; i < c->node_count; i++)
		if (is_meant(c, &c->nodes[i]) &&
		    (best == NULL || rank_of(&c->nodes[i]) < rank_of(best)))
			best = &c->nodes[i];
	return best;
}

/* Somebody else takes pictures from it. */
static bool is_shared(const struct camera *c)
{
	const uint32_t ours = c->stream != NULL ? c->pw->stream_get_node_id(c->stream)
	                                        : SPA_ID_INVALID;
	for (int i = 0; i < c->link_count; i++)
		if (c->links[i].output == c->node && c->links[i].input != ours)
			return true;
	return false;
}

static void adopt(struct camera *c, const struct node *n)
{
	c->node = n->id;
	snprintf(c->chosen, sizeof c->chosen, "%s", n->name);
	snprintf(c->base.id, sizeof c->base.id, "%s", n->name);
	snprintf(c->base.name, sizeof c->base.name, "PipeWire: %.100s",
	         *n->description ? n->description : n->name);
}

/* ---- the stream ---- */

static void on_state(void *data, enum pw_stream_state old, enum pw_stream_state state,
                     const char *error)
{
	struct camera *c = data;
	(void)old;
	if (state != PW_STREAM_STATE_ERROR)
		return;
	c->failed = true;
	error_set(&c->why, 0, "%s: %s", c->base.name, error != NULL ? error : _("does not start"));
}

/* MemFd and MemPtr: memory that is mapped; the picture is copied from there. */
static void on_param(void *data, uint32_t id, const struct spa_pod *param)
{
	struct camera *c = data;
	if (id != SPA_PARAM_Format)
		return;
	memset(&c->format, 0, sizeof c->format);
	if (param == NULL ||
	    spa_format_parse(param, &c->format.media_type, &c->format.media_subtype) < 0)
		return;
	if (c->format.media_subtype == SPA_MEDIA_SUBTYPE_mjpg)
		spa_format_video_mjpg_parse(param, &c->format.info.mjpg);
	else
		spa_format_video_raw_parse(param, &c->format.info.raw);
	uint8_t room[512];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(room, sizeof room);
	const struct spa_pod *params[] = {
		spa_pod_builder_add_object(&b, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers,
			SPA_PARAM_BUFFERS_buffers, SPA_POD_CHOICE_RANGE_Int(4, 2, 16),
			SPA_PARAM_BUFFERS_dataType,
			SPA_POD_CHOICE_FLAGS_Int(1 << SPA_DATA_MemFd | 1 << SPA_DATA_MemPtr)),
	};
	c->pw->stream_update_params(c->stream, params, 1);
}

static bool reserve(struct camera *c, size_t size)
{
	if (size <= c->room)
		return true;
	uint8_t *grown = realloc(c->picture, size);
	if (grown == NULL)
		return false;
	c->picture = grown;
	c->room = size;
	return true;
}

/* Shared memory, and whoever fills it writes while we look: offset and size are read once and
 * clamped. */
static bool copy_data(struct camera *c, const struct spa_data *d)
{
	if (d->data == NULL || d->chunk == NULL)
		return false;
	const uint32_t offset = SPA_MIN(*(volatile uint32_t *)&d->chunk->offset, d->maxsize);
	const uint32_t size = SPA_MIN(*(volatile uint32_t *)&d->chunk->size, d->maxsize - offset);
	if (size == 0 || (*(volatile int32_t *)&d->chunk->flags & SPA_CHUNK_FLAG_CORRUPTED) != 0 ||
	    !reserve(c, c->size + size))
		return false;
	memcpy(c->picture + c->size, (const uint8_t *)d->data + offset, size);
	c->size += size;
	return true;
}

/* One block holds all planes, or each has its own. Some producers leave the stride at 0. */
static bool keep(struct camera *c, const struct spa_buffer *b)
{
	c->size = 0;
	for (uint32_t i = 0; i < PLANES; i++) {
		c->offset[i] = c->size;
		c->stride[i] = 0;
		if (i >= b->n_datas)
			continue;
		if (!copy_data(c, &b->datas[i]))
			return false;
		c->stride[i] = *(volatile int32_t *)&b->datas[i].chunk->stride;
	}
	return b->n_datas > 0;
}

/* The newest one: the rest goes back. */
static void on_process(void *data)
{
	struct camera *c = data;
	struct pw_buffer *newest = NULL, *b;
	while ((b = c->pw->stream_dequeue_buffer(c->stream)) != NULL) {
		if (newest != NULL)
			c->pw->stream_queue_buffer(c->stream, newest);
		newest = b;
	}
	if (newest == NULL)
		return;
	c->bad = !keep(c, newest->buffer);
	c->fresh = true;
	c->pw->stream_queue_buffer(c->stream, newest);
}

static const struct pw_stream_events stream_events = {PW_VERSION_STREAM_EVENTS,
                                                      .state_changed = on_state,
                                                      .param_changed = on_param,
                                                      .process = on_process};

static int add_formats(const struct camera *c, struct spa_pod_builder *b,
                       const struct spa_pod **params)
{
	const struct spa_rectangle want = SPA_RECTANGLE((uint32_t)c->width, (uint32_t)c->height);
	const struct spa_rectangle least = SPA_RECTANGLE(16, 16);
	const struct spa_rectangle most = SPA_RECTANGLE(JPEG_SIDE_MAX, JPEG_SIDE_MAX);
	const struct spa_fraction rate = SPA_FRACTION(15, 1);
	const struct spa_fraction slow = SPA_FRACTION(0, 1), fast = SPA_FRACTION(240, 1);
	int n = 0;
	params[n++] = spa_pod_builder_add_object(b, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat,
		SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video),
		SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_mjpg),
		SPA_FORMAT_VIDEO_size, SPA_POD_CHOICE_RANGE_Rectangle(&want, &least, &most),
		SPA_FORMAT_VIDEO_framerate, SPA_POD_CHOICE_RANGE_Fraction(&rate, &slow, &fast));
	params[n++] = spa_pod_builder_add_object(b, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat,
		SPA_FORMAT_mediaType, SPA_POD_Id(SPA_MEDIA_TYPE_video),
		SPA_FORMAT_mediaSubtype, SPA_POD_Id(SPA_MEDIA_SUBTYPE_raw),
		SPA_FORMAT_VIDEO_format,
		SPA_POD_CHOICE_ENUM_Id(5, SPA_VIDEO_FORMAT_NV12, SPA_VIDEO_FORMAT_NV12,
			SPA_VIDEO_FORMAT_YUY2, SPA_VIDEO_FORMAT_I420, SPA_VIDEO_FORMAT_GRAY8),
		SPA_FORMAT_VIDEO_size, SPA_POD_CHOICE_RANGE_Rectangle(&want, &least, &most),
		SPA_FORMAT_VIDEO_framerate, SPA_POD_CHOICE_RANGE_Fraction(&rate, &slow, &fast));
	return n;
}

/* Told not to reconnect twice over, by the property and by the flag: the session manager would
 * otherwise move the stream to another camera when this one goes away, and nobody has asked to be
 * watched by that one. */
static enum capture_status open_stream(struct camera *c, const struct node *n, struct error *error)
{
	uint8_t room[2048];
	struct spa_pod_builder b = SPA_POD_BUILDER_INIT(room, sizeof room);
	const struct spa_pod *params[2];
	const int count = add_formats(c, &b, params);
	const struct pipewire_api *pw = c->pw;
	c->fresh = false;
	c->stream = pw->stream_new(c->core, "unknot",
		pw->properties_new(PW_KEY_MEDIA_TYPE, "Video", PW_KEY_MEDIA_CATEGORY,
		                   "Capture", PW_KEY_MEDIA_ROLE,
		                   "Camera", PW_KEY_TARGET_OBJECT, n->serial,
		                   PW_KEY_NODE_DONT_RECONNECT, "true", NULL));
	if (c->stream == NULL)
		return error_set(error, errno, "%s: no stream: %s", c->base.name, strerror(errno)),
		       CAPTURE_ERROR;
	spa_zero(c->stream_hook);
	pw->stream_add_listener(c->stream, &c->stream_hook, &stream_events, c);
	const int got = pw->stream_connect(c->stream, PW_DIRECTION_INPUT, PW_ID_ANY,
		PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS |
		PW_STREAM_FLAG_DONT_RECONNECT, params, (uint32_t)count);
	if (got < 0)
		return error_set(error, -got, "%s: no stream: %s", c->base.name, strerror(-got)),
		       CAPTURE_ERROR;
	return CAPTURE_FRAME;
}

static void camera_stop(struct capture *capture)
{
	disconnect((struct camera *)capture);
}

static enum capture_status find_and_open(struct camera *c, struct error *error)
{
	const enum capture_status got = connect_server(c, error);
	if (got != CAPTURE_FRAME)
		return got;
	const struct node *n = choose(c);
	if (n == NULL) {
		const char *which = *c->chosen ? c->chosen : c->wanted;
		error_set(error, 0, "PipeWire: no camera%s%.100s", *which ? " " : "", which);
		return CAPTURE_GONE;
	}
	adopt(c, n);
	if (c->only_shared && !is_shared(c)) {
		error_set(error, EBUSY, "%s: PipeWire holds it, and nobody takes its pictures",
		          c->base.name);
		return CAPTURE_BUSY;
	}
	return open_stream(c, n, error);
}

static enum capture_status camera_start(struct capture *capture, struct error *error)
{
	struct camera *c = (struct camera *)capture;
	if (c->stream != NULL)
		return CAPTURE_FRAME;
	const enum capture_status got = find_and_open(c, error);
	if (got != CAPTURE_FRAME)
		disconnect(c);
	return got;
}

/* ---- pictures ---- */

/* One plane of at least `rows` rows of `least` bytes: where it is, or false when so much did not
 * come. */
static bool place_plane(const struct camera *c, struct frame *f, int plane,
                        size_t offset, int stride, int least, int rows)
{
	if (stride < least || offset > c->size ||
	    (c->size - offset) / (size_t)stride < (size_t)rows)
		return false;
	f->plane[plane] = c->picture + offset;
	f->stride[plane] = stride;
	return true;
}

/* Where a further plane begins: in its own block, or behind the one before. */
static size_t begin_of(const struct camera *c, const struct frame *f, int plane, int rows_before)
{
	const size_t before = (size_t)(f->plane[plane - 1] - c->picture);
	if (c->stride[plane] != 0 && c->offset[plane] > before)
		return c->offset[plane];
	return before + (size_t)f->stride[plane - 1] * (size_t)rows_before;
}

static bool place_raw(const struct camera *c, struct frame *f)
{
	const struct spa_video_info_raw *raw = &c->format.info.raw;
	const int w = (int)raw->size.width, h = (int)raw->size.height;
	const int luma = raw->format == SPA_VIDEO_FORMAT_YUY2 ? 2 * w : w;
	const int stride = c->stride[0] != 0 ? c->stride[0] : luma, half = (h + 1) / 2;
	if (raw->size.width < 16 || raw->size.height < 16 || raw->size.width > JPEG_SIDE_MAX ||
	    raw->size.height > JPEG_SIDE_MAX || stride > 8 * JPEG_SIDE_MAX || w % 2 != 0)
		return false;
	*f = (struct frame){.width = w, .height = h};
	if (!place_plane(c, f, 0, 0, stride, luma, h))
		return false;
	switch (raw->format) {
	case SPA_VIDEO_FORMAT_YUY2: f->format = PIXEL_YUYV; return true;
	case SPA_VIDEO_FORMAT_GRAY8: f->format = PIXEL_GREY; return true;
	case SPA_VIDEO_FORMAT_NV12:
		f->format = PIXEL_NV12;
		return place_plane(c, f, 1, begin_of(c, f, 1, h),
		                   c->stride[1] ? c->stride[1] : stride, w, half);
	case SPA_VIDEO_FORMAT_I420:
		f->format = PIXEL_YUV420;
		return place_plane(c, f, 1, begin_of(c, f, 1, h),
		                   c->stride[1] ? c->stride[1] : stride / 2, w / 2, half) &&
		       place_plane(c, f, 2, begin_of(c, f, 2, half),
		                   c->stride[2] ? c->stride[2] : stride / 2, w / 2, half);
	default: return false;
	}
}

static bool decode(struct camera *c, struct frame *frame, struct error *error)
{
	if (c->bad)
		return error_set(error, 0, "%s: a damaged picture", c->base.name);
	if (c->format.media_subtype == SPA_MEDIA_SUBTYPE_mjpg)
		return jpeg_decode(c->decoder, c->picture, c->size, c->base.enough_width,
		                   frame, error);
	return place_raw(c, frame) ||
	       error_set(error, 0, "%s: an incomplete picture", c->base.name);
}

static enum capture_status why_not(const struct camera *c, double waited_s, struct error *error)
{
	if (c->lost)
		return error_set(error, 0, "%s: the PipeWire server has ended", c->base.name),
		       CAPTURE_GONE;
	if (c->gone)
		return error_set(error, 0, "%s: has gone", c->base.name), CAPTURE_GONE;
	if (c->failed)
		return error_set(error, 0, "%s", c->why.text),
		       strcasestr(c->why.text, "busy") != NULL ? CAPTURE_BUSY : CAPTURE_ERROR;
	return error_set(error, 0, "%s: no picture in %.1f s", c->base.name, waited_s),
	       CAPTURE_TIMEOUT;
}

static enum capture_status camera_read(struct capture *capture, double timeout_s,
                                       struct frame *frame, struct error *error)
{
	struct camera *c = (struct camera *)capture;
	if (c->stream == NULL)
		return error_set(error, 0, "%s: not started", capture->name), CAPTURE_ERROR;
	const double timeout = timeout_s > 0 ? fmin(timeout_s, 3600) : 0;
	run_until(c, now_s(CLOCK_MONOTONIC) + timeout, &c->fresh);
	capture->shared = is_shared(c);
	if (!c->fresh || c->lost || c->gone)
		return why_not(c, timeout, error);
	c->fresh = false;
	if (!decode(c, frame, error))
		return CAPTURE_CORRUPT;
	frame->seconds = now_s(CLOCK_BOOTTIME);
	frame->sequence = c->sequence++;
	return CAPTURE_FRAME;
}

/* What waits in the loop is taken and thrown away. */
static void camera_discard(struct capture *capture)
{
	struct camera *c = (struct camera *)capture;
	const bool never = false;
	if (c->stream == NULL)
		return;
	run_until(c, now_s(CLOCK_MONOTONIC), &never);
	c->fresh = false;
}

static void camera_free(struct capture *capture)
{
	struct camera *c = (struct camera *)capture;
	disconnect(c);
	close_context(c);
	jpeg_decoder_free(c->decoder);
	free(c->picture);
	free(c);
}

static const struct capture_ops camera_ops = {camera_start, camera_read,
                                              camera_discard, camera_stop, camera_free};

static struct camera *create(const char *wanted, int width, int height, struct error *error)
{
	struct camera *c = calloc(1, sizeof *c);
	if (c != NULL)
		c->decoder = jpeg_decoder_create(error);
	if (c == NULL || c->decoder == NULL || strlen(wanted) >= sizeof c->wanted) {
		error_set(error, 0, "%s: out of memory", "PipeWire");
		if (c != NULL)
			jpeg_decoder_free(c->decoder);
		free(c);
		return NULL;
	}
	c->base.ops = &camera_ops;
	c->base.live = true;
	c->base.enough_width = width;
	c->width = width;
	c->height = height;
	c->node = SPA_ID_INVALID;
	snprintf(c->wanted, sizeof c->wanted, "%s", wanted);
	snprintf(c->base.name, sizeof c->base.name, "PipeWire%s%.100s",
	         *wanted ? ": " : "", wanted);
	return c;
}

struct capture *capture_pipewire(const char *name, int width, int height, struct error *error)
{
	struct camera *c = create(name != NULL ? name : "", width, height, error);
	return c != NULL ? &c->base : NULL;
}

struct capture *capture_pipewire_join(const char *node, int width, int height, struct error *error)
{
	char real[PATH_MAX], wanted[PATH_MAX + 8];
	if (realpath(node, real) == NULL)
		return error_set(error, errno, "%.100s: %s", node, strerror(errno)), NULL;
	snprintf(wanted, sizeof wanted, "v4l2:%s", real);
	struct camera *c = create(wanted, width, height, error);
	if (c == NULL)
		return NULL;
	c->only_shared = true;
	return &c->base;
}

int capture_pipewire_list(struct capture_device *list, int max, struct error *error)
{
	struct camera *c = create("", 640, 480, error);
	int count = -1;
	if (c != NULL && connect_server(c, error) == CAPTURE_FRAME) {
		count = c->node_count;
		for (int i = 0; i < count && i < max; i++) {
			const struct node *n = &c->nodes[i];
			list[i] = (struct capture_device){.usable = true};
			snprintf(list[i].path, sizeof list[i].path, "%.63s", n->path);
			snprintf(list[i].name, sizeof list[i].name, "%.63s", n->description);
			snprintf(list[i].id, sizeof list[i].id, "%s", n->name);
			snprintf(list[i].formats, sizeof list[i].formats, "as PipeWire negotiates");
		}
	}
	if (c != NULL)
		camera_free(&c->base);
	return count;
}
