/* camera [--port N] [--serial S] [--format mjpeg|yuyv|grey] [--size WxH] [--streams N] FILM...
 * A webcam on the kernel's virtual USB controller. Commands on standard input, a line each:
 *   unplug, plug, freeze, thaw, film N          (the films are numbered from 0)
 *   error N, truncate N, garbage N, drop N      that happens to the next N pictures
 *   refuse N, stall N                           the next N starts, control requests are refused
 *   quit
 * What the host does is told on standard output with the monotonic clock: "12.345678 on", "...
 * off". */
#include "film.h"
#include "usbip.h"
#include "uvc.h"

#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FILMS_MAX = 8, PAYLOAD_HEADER = 2, REQUESTS_MAX = 16, CONTROL_SIZE = 4096 };
enum { PAYLOAD_TOGGLE = 1, PAYLOAD_END = 2, PAYLOAD_ERROR = 0x40, PAYLOAD_HEADER_END = 0x80 };

/* A high-speed bus carries a packet every eighth of a millisecond. */
static const double microframe_s = 125e-6;

enum fault { FAULT_ERROR, FAULT_TRUNCATE, FAULT_GARBAGE, FAULT_DROP, FAULTS };
static const char *const fault_names[] = {"error", "truncate", "garbage", "drop"};

struct camera {
	struct uvc uvc;
	int port, wire;                      /* -1: unplugged */
	struct film *films[FILMS_MAX];
	int film_count, film;
	bool frozen;
	int faults[FAULTS];

	struct usbip_request queue[REQUESTS_MAX]; /* isochronous ones that wait for their packets */
	int queued;
	double bus_time;                     /* of the last packet that went over the bus */

	double started;
	uint64_t number;                     /* of the next picture since then */
	uint64_t shown;                      /* before that */
	struct picture picture;              /* that is being sent; size 0: none */
	size_t sent;
	uint8_t toggle;
	bool marked_bad;
	uint8_t damaged[USBIP_DATA_MAX];
};

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void tell(const char *what)
{
	printf("%.6f %s\n", now_s(), what);
	fflush(stdout);
}

/* ---- pictures ---- */

static bool has_fault(struct camera *c, enum fault fault)
{
	return c->faults[fault] > 0 && c->faults[fault]-- > 0;
}

static void next_picture(struct camera *c, double now)
{
	const double interval = uvc_interval(&c->uvc);
	if (c->picture.size > 0 || c->frozen || now < c->started + (double)c->number * interval)
		return;
	const uint64_t number = c->number++;
	if (has_fault(c, FAULT_DROP))
		return;
	/* As time goes on and not as often as one looks: the film has its own pace. */
	c->picture = film_picture(c->films[c->film], c->shown + number, &c->uvc);
	if (has_fault(c, FAULT_TRUNCATE))
		c->picture.size /= 3;
	if (c->picture.size <= sizeof c->damaged && has_fault(c, FAULT_GARBAGE)) {
		memcpy(c->damaged, c->picture.data, c->picture.size);
		for (size_t i = 200; i < c->picture.size; i += 37)
			c->damaged[i] ^= 0x5a;
		c->picture.data = c->damaged;
	}
	c->marked_bad = has_fault(c, FAULT_ERROR);
	c->sent = 0;
	c->toggle ^= PAYLOAD_TOGGLE;
}

/* One packet; how many bytes. */
static uint32_t put_payload(struct camera *c, uint8_t *to, size_t room)
{
	if (c->picture.size == 0 || room <= PAYLOAD_HEADER)
		return 0;
	size_t size = c->picture.size - c->sent;
	if (size > room - PAYLOAD_HEADER)
		size = room - PAYLOAD_HEADER;
	memcpy(to + PAYLOAD_HEADER, c->picture.data + c->sent, size);
	c->sent += size;
	to[0] = PAYLOAD_HEADER;
	to[1] = (uint8_t)(PAYLOAD_HEADER_END | c->toggle | (c->marked_bad ? PAYLOAD_ERROR : 0));
	if (c->sent == c->picture.size) {
		to[1] |= PAYLOAD_END;
		c->picture.size = 0;
	}
	return (uint32_t)size + PAYLOAD_HEADER;
}

/* ---- the wire ---- */

static void plug(struct camera *c)
{
	if (c->wire < 0)
		c->wire = usbip_attach(c->port);
	tell(c->wire < 0 ? "no port" : "plugged");
}

static void unplug(struct camera *c)
{
	if (c->wire < 0)
		return;
	close(c->wire);
	c->wire = -1;
	c->queued = 0;
	c->uvc.setting = 0;
	c->picture.size = 0;
	tell("unplugged");
}

static double due(const struct camera *c)
{
	return c->bus_time + c->queue[0].packets * microframe_s;
}

/* Everything whose time on the bus has come. */
static bool send_packets(struct camera *c, double now)
{
	static uint8_t data[USBIP_DATA_MAX];
	const size_t packet = (size_t)uvc_packet_size(&c->uvc);
	while (c->queued > 0 && due(c) <= now) {
		struct usbip_request *r = &c->queue[0];
		size_t total = 0;
		for (int i = 0; i < r->packets; i++) {
			size_t room = r->packet[i].length < packet ? r->packet[i].length : packet;
			c->bus_time += microframe_s;
			next_picture(c, c->bus_time);
			if (room > sizeof data - total)
				room = sizeof data - total;
			r->packet[i].actual = put_payload(c, data + total, room);
			total += r->packet[i].actual;
		}
		if (!usbip_complete_packets(c->wire, r, data))
			return false;
		memmove(c->queue, c->queue + 1, (size_t)--c->queued * sizeof *c->queue);
	}
	return true;
}

static bool unlink_request(struct camera *c, const struct usbip_request *unlink)
{
	int at = 0;
	while (at < c->queued && c->queue[at].sequence != unlink->victim)
		at++;
	const bool pending = at < c->queued;
	if (pending)
		memmove(c->queue + at, c->queue + at + 1,
		        (size_t)(--c->queued - at) * sizeof *c->queue);
	return usbip_unlinked(c->wire, unlink, pending);
}

static bool answer_control(struct camera *c, const struct usbip_request *r, uint8_t *data)
{
	const bool was_on = uvc_packet_size(&c->uvc) > 0;
	const int size = uvc_control(&c->uvc, r->setup, data);
	const bool is_on = uvc_packet_size(&c->uvc) > 0;
	if (is_on && !was_on) {
		c->started = now_s();
		/* The film goes on, where a sensor's noise would never be the same again either. */
		c->shown += c->number;
		c->number = 0;
	}
	if (is_on != was_on) {
		c->picture.size = 0;
		tell(is_on ? "on" : "off");
	}
	return usbip_complete(c->wire, r, size == UVC_STALL ? USBIP_STALLED : 0, data,
	                      size > 0 ? (uint32_t)size : 0);
}

static bool serve(struct camera *c)
{
	static struct usbip_request r;
	static uint8_t data[CONTROL_SIZE];
	if (!usbip_receive(c->wire, &r, data, sizeof data))
		return false;
	if (r.command == USBIP_UNLINK)
		return unlink_request(c, &r);
	if (r.endpoint == 0)
		return answer_control(c, &r, data);
	if (c->queued == REQUESTS_MAX)
		return usbip_complete(c->wire, &r, USBIP_STALLED, NULL, 0);
	if (c->queued == 0 && c->bus_time < now_s() - 0.02)
		c->bus_time = now_s(); /* the bus was idle */
	c->queue[c->queued++] = r;
	return true;
}

/* ---- commands ---- */

static bool obey(struct camera *c, const char *line)
{
	char word[16] = "";
	int count = 1;
	if (sscanf(line, "%15s %d", word, &count) < 1)
		return true;
	tell(line);
	for (int i = 0; i < FAULTS; i++)
		if (strcmp(word, fault_names[i]) == 0)
			c->faults[i] = count;
	if (strcmp(word, "plug") == 0)
		plug(c);
	else if (strcmp(word, "unplug") == 0)
		unplug(c);
	else if (strcmp(word, "freeze") == 0 || strcmp(word, "thaw") == 0)
		c->frozen = *word == 'f';
	else if (strcmp(word, "refuse") == 0)
		c->uvc.refuse = count;
	else if (strcmp(word, "stall") == 0)
		c->uvc.stall = count;
	else if (strcmp(word, "film") == 0 && count >= 0 && count < c->film_count)
		c->film = count;
	return strcmp(word, "quit") != 0;
}

/* False: quit. */
static bool take_commands(struct camera *c)
{
	static char text[1024];
	static size_t used;
	const ssize_t got = read(STDIN_FILENO, text + used, sizeof text - 1 - used);
	if (got <= 0)
		return false;
	used += (size_t)got;
	text[used] = '\0';
	char *line = text;
	for (char *newline; (newline = strchr(line, '\n')) != NULL; line = newline + 1) {
		*newline = '\0';
		if (!obey(c, line))
			return false;
	}
	used = strlen(line);
	memmove(text, line, used + 1);
	if (used == sizeof text - 1)
		used = 0; /* no command is so long */
	return true;
}

static void run(struct camera *c)
{
	for (;;) {
		struct pollfd polled[] = {{STDIN_FILENO, POLLIN, 0}, {c->wire, POLLIN, 0}};
		const double left = c->queued > 0 ? due(c) - now_s() : 1;
		const struct timespec wait =
			{left >= 1, left > 0 && left < 1 ? (long)(left * 1e9) : 0};
		if (ppoll(polled, 2, &wait, NULL) < 0)
			return;
		if (polled[0].revents != 0 && !take_commands(c))
			return;
		if (c->wire >= 0 && polled[1].revents != 0 && !serve(c))
			unplug(c);
		if (c->wire >= 0 && !send_packets(c, now_s()))
			unplug(c);
	}
}

static int usage(void)
{
	fputs("usage: camera [--port N] [--serial S] [--format mjpeg|yuyv|grey] [--size WxH] "
	      "[--streams N] FILM...\n", stderr);
	return 2;
}

int main(int argc, char **argv)
{
	enum { PORT = 1, SERIAL, FORMAT, SIZE, STREAMS };
	static const struct option options[] = {{"port", required_argument, NULL, PORT},
	                                        {"serial", required_argument, NULL, SERIAL},
	                                        {"format", required_argument, NULL, FORMAT},
	                                        {"size", required_argument, NULL, SIZE},
	                                        {"streams", required_argument, NULL, STREAMS}, {0}};
	static struct camera c = {.wire = -1};
	const char *serial = "0001";
	enum uvc_format format = UVC_MJPEG;
	int width = 640, height = 480, streams = 1, got;
	while ((got = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (got) {
		case PORT: c.port = atoi(optarg); break;
		case SERIAL: serial = optarg; break;
		case FORMAT: format = *optarg == 'y' ? UVC_YUYV
		                      : *optarg == 'g' ? UVC_GREY : UVC_MJPEG; break;
		case SIZE:
			if (sscanf(optarg, "%dx%d", &width, &height) == 2)
				break;
			return usage();
		case STREAMS:
			streams = atoi(optarg);
			if (streams >= 1 && streams <= UVC_STREAMS_MAX)
				break;
			return usage();
		default: return usage();
		}
	uvc_init(&c.uvc, format, width, height, serial, streams);
	for (; optind < argc && c.film_count < FILMS_MAX; c.film_count++)
		if ((c.films[c.film_count] = film_open(argv[optind++])) == NULL)
			return 1;
	if (c.film_count == 0)
		return usage();
	plug(&c);
	if (c.wire < 0)
		return 1;
	run(&c);
	unplug(&c);
	for (int i = 0; i < c.film_count; i++)
		film_free(c.films[i]);
	return 0;
}
