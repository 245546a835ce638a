/* A webcam as the USB Video Class 1.0 describes one: descriptors, and the answers to control
 * requests. One format, one size, 30 or 15 pictures a second; isochronous. Of several streams only
 * the first has pictures. */
#ifndef UNKNOT_RIG_UVC_H
#define UNKNOT_RIG_UVC_H

#include <stdbool.h>
#include <stdint.h>

enum {
	UVC_STREAMS_MAX = 2,
	UVC_NEGOTIATION_SIZE = 26,    /* of the probe and commit controls in UVC 1.0 */
	UVC_STALL = -1,
};

enum uvc_format { UVC_MJPEG, UVC_YUYV, UVC_GREY };

struct uvc {
	enum uvc_format format;
	int width, height, streams;
	char serial[32];
	int refuse, stall;            /* so many commits, requests of the
	                               * class are still to be stalled */

	uint8_t negotiated[UVC_NEGOTIATION_SIZE];
	uint16_t brightness;
	int setting;                  /* alternate setting of the video
	                               * interface; streams while not 0 */
};

void uvc_init(struct uvc *, enum uvc_format, int width, int height, const char *serial,
              int streams);

/* A control request. `data` (4096 bytes): what comes with it, or room for the answer. Returns the
 * answer's size, 0 for a request without one, UVC_STALL for one that is refused. */
int uvc_control(struct uvc *, const uint8_t setup[8], uint8_t *data);

/* Bytes that one isochronous packet holds under the setting in force; 0: not streaming. */
int uvc_packet_size(const struct uvc *);

/* Seconds from picture to picture, as negotiated. */
double uvc_interval(const struct uvc *);

#endif
