/* A machine's V4L2 nodes, as the drivers behave: v4l2loopback refuses STREAMON with EIO while no
 * writer is there (its vidioc_streamon), ipu7-isys with ENOLINK before its media graph is set up
 * (reported), every videobuf2 driver with EBUSY while another file streams (vb2_queue_is_busy), and
 * uvcvideo tells V4L2_CID_PRIVACY where the camera or a GPIO has such a control (uvc_ctrl.c). */
#ifndef UNKNOT_TESTS_FAKE_NODES_H
#define UNKNOT_TESTS_FAKE_NODES_H

#include "capture/v4l2_system.h"

#include <linux/videodev2.h>
#include <stdbool.h>
#include <stdint.h>

/* Pictures are W x H, in YUYV. */
enum { W = 64, H = 48, ROOM = W * H * 2, NODES_MAX = 64 };

#define CAMERA (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING)
#define RAW_SENSOR (CAMERA | V4L2_CAP_IO_MC)
#define METADATA (V4L2_CAP_META_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_IO_MC)
#define PLANES (V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_STREAMING)

struct node {
	int number;
	const char *card, *driver;
	uint32_t can;
	uint32_t formats[3];
	int start_error;
	bool silent, shut, broken; /* broken: every picture comes with an error */
	int changed; /* REQBUFS comes after another program has set this width */
};

struct fake {
	struct node nodes[NODES_MAX];
	int count;
	struct v4l2_pix_format format;
	int started;      /* number of the node that streams, -1 none */
	int starts;
	bool queued[4];
	unsigned char memory[4][ROOM];
};
extern struct fake fake;

/* Node N is opened as any path that ends in /videoN. */
extern const struct v4l2_system fake_system;

#endif
