/* Where pictures come from. Every read has a deadline. */
#ifndef UNKNOT_CAPTURE_CAPTURE_H
#define UNKNOT_CAPTURE_CAPTURE_H

#include "base/error.h"
#include "image/frame.h"

#include <stdbool.h>

struct capture;

enum capture_status {
	CAPTURE_FRAME,    /* *frame filled; valid until the next read,
	                   * start or free: stopping keeps it */
	CAPTURE_TIMEOUT,  /* nothing in time; the source may still be well */
	CAPTURE_BUSY,     /* another program streams: in a call */
	CAPTURE_GONE,     /* unplugged; open again later */
	CAPTURE_CORRUPT,  /* a frame came but cannot be decoded; the next may be good */
	CAPTURE_END,      /* a recording has ended */
	CAPTURE_ERROR,    /* see the error */
	CAPTURE_COVERED,  /* its shutter or its lid is closed,
	                   * which is known: nothing was started */
};
const char *capture_status_name(enum capture_status);

struct capture_ops {
	/* Starts streaming. A capture starts and stops many times (bursts). */
	enum capture_status (*start)(struct capture *, struct error *);
	/* The newest frame, waiting at most timeout_s. Older queued ones are dropped. */
	enum capture_status (*read)(struct capture *, double timeout_s,
	                            struct frame *, struct error *);
	/* Lets the pictures go that have come so far, undecoded: the next read gives one that comes
	 * after this call. A recording, whose every picture counts, keeps them. */
	void (*discard)(struct capture *);
	/* Stops streaming and lets go of the device. */
	void (*stop)(struct capture *);
	void (*free)(struct capture *);
};

/* Does this camera, by its node ("": PipeWire's own), see nothing just now: is it in a lid that is
 * shut? */
typedef bool capture_hidden_fn(const char *node);

struct capture {
	const struct capture_ops *ops;
	char name[128];   /* for messages: "/dev/video0 (Integrated Camera)" */
	char id[128];     /* stable: by-id name, or the recording's path */
	char node[256];   /* the device's path, for manners.h; "" for a recording */
	char note[320];   /* why it is not the first choice: "... does
	                   * not start; ... is used instead"; or "" */
	double fps;       /* of a recording, 0 when live: frame->seconds come from it */
	int enough_width; /* a larger JPEG is decoded at 1/2, 1/4 or
	                   * 1/8 while it stays so wide; 0: as it is */
	double played_s;  /* the clock of one whose waits are skipped (burst.h): who waits moves it
	                   * on, and the capture by what a start or a picture would take */
	bool live;
	bool shared;      /* at the last read: another program takes
	                   * pictures from it too, as in a call */
	struct manners *manners; /* is told when the node is opened and
	                          * closed; borrowed, may be NULL */
	capture_hidden_fn *hidden; /* asked at each start by one that chooses; NULL: none is */
};

/* A V4L2 camera, or the best one when NULL: one with a format that can be read, real ones before
 * loopbacks, those whose name says infrared last; raw sensors, metadata and output nodes never, two
 * nodes of one camera once. It may be named by node, by a link in /dev/v4l, or by that link's name
 * alone, and is opened by the link: plugged in again under another number it is found. Wanted size
 * is a hint; YUYV, NV12, GREY and MJPEG are taken. The width is enough_width too. */
struct capture *capture_v4l2(const char *device, int width, int height, struct error *);

/* The same without a name, for who can wait: fails only for want of memory. Where there is no
 * camera, or it has gone, each start looks for the best one anew; name, id and node are then its
 * own. One that does not start, or gives no picture in three bursts, yields to the next best for
 * ten minutes: `note` says so. One that is busy does not. One that is `hidden` is not started
 * (CAPTURE_COVERED), and yields to the best that is not. Without one of V4L2's it is PipeWire's. */
struct capture *capture_best(int width, int height, struct error *);

/* A camera that PipeWire gives: the one whose node's name or description contains `name`, or, when
 * NULL or "", the best (libcamera's first). What it takes first it keeps to: when that goes away no
 * other is used in its place. Its library is opened at the first start, which is also where a
 * missing server is an error. To be used, and freed, on one thread. */
struct capture *capture_pipewire(const char *name, int width, int height, struct error *);
/* The V4L2 camera that PipeWire holds, by its node, as long as another program takes pictures from
 * it: CAPTURE_BUSY when none does, because PipeWire lets go of an idle camera after 5 s, and of one
 * that we use never. */
struct capture *capture_pipewire_join(const char *node, int width, int height, struct error *);

/* "replay:PATH[@fps][,loop]": a folder of pictures in name order, a file of concatenated JPEGs
 * (.mjpeg, .mjpg), or one JPEG. Default 30 fps for a stream, 1 for a folder. Plays as fast as it is
 * read. */
struct capture *capture_replay(const char *spec, struct error *);

/* "v4l2", "v4l2:DEVICE", "pipewire[:NAME]" or "replay:...": of at least this width where the
 * pictures have it. NULL or "" means "v4l2", the best that there is now. A DEVICE may also be
 * "pipewire[:NAME]", so that a configured one is one word. A camera that only PipeWire has open is
 * joined as capture_pipewire_join does. */
struct capture *capture_open(const char *spec, int width, int height, struct error *);

/* Starts one that a daemon has just been asked to lend: while it is busy it is asked again, for two
 * seconds, because the daemon lets go as soon as its driver does, and waits for nobody. */
enum capture_status capture_start_lent(struct capture *, struct error *);

/* One camera for `unknot doctor`. */
struct capture_device {
	char path[64], name[64], id[128];
	char formats[128]; /* "MJPG 1280x720, YUYV 640x480" */
	bool usable;
	char why_not[96];
	char ways[24];     /* by which it can be reached: "V4L2, PipeWire";
	                    * "" none. capture_list_ways fills it */
};
/* Returns how many there are, at most max written: the best first, what is no use last. */
int capture_list(struct capture_device *, int max);
/* Likewise, what PipeWire gives: path as PipeWire's own ("libcamera:...", "v4l2:/dev/video0"), id
 * the node's name, formats in words only. -1: there is no PipeWire, and the error says why. */
int capture_pipewire_list(struct capture_device *, int max, struct error *);
/* Both, a camera that both have once. capture_ways_of joins the two lists, the first with room for
 * max. */
int capture_list_ways(struct capture_device *, int max);
int capture_ways_of(struct capture_device *, int count, int max,
                    const struct capture_device *pipewire, int pipewire_count);

#endif
