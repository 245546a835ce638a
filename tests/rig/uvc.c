#include "uvc.h"

#include <stdio.h>
#include <string.h>

/* Names as in the USB Video Class 1.0 and USB 2.0 specifications. */
enum {
	DEVICE = 1, CONFIGURATION = 2, STRING = 3, INTERFACE = 4, ENDPOINT = 5,
	QUALIFIER = 6, ASSOCIATION = 11,
	CS_INTERFACE = 0x24,
	CC_VIDEO = 14, SC_CONTROL = 1, SC_STREAMING = 2, SC_COLLECTION = 3,
	VC_HEADER = 1, VC_INPUT_TERMINAL = 2, VC_OUTPUT_TERMINAL = 3, VC_PROCESSING_UNIT = 5,
	VS_INPUT_HEADER = 1, VS_FORMAT_UNCOMPRESSED = 4, VS_FRAME_UNCOMPRESSED = 5,
	VS_FORMAT_MJPEG = 6,
	VS_FRAME_MJPEG = 7, VS_COLORFORMAT = 13,
	SET_CUR = 1, GET_CUR = 0x81, GET_MIN, GET_MAX, GET_RES, GET_LEN, GET_INFO, GET_DEF,
	CAMERA = 1, PROCESSING = 2, SCREEN = 3,       /* entities; one screen more
	                                               * for each further stream */
	VS_PROBE = 1, VS_COMMIT = 2, PU_BRIGHTNESS = 2, VC_ERROR_CODE = 2,
	STRING_MAKER = 1, STRING_PRODUCT, STRING_SERIAL,
	TICKS_A_SECOND = 10000000,                    /* frame intervals are told in 100 ns */
};

/* ---- writing descriptors ---- */

struct bytes {
	uint8_t *data;
	int size;
};

static void put8(struct bytes *b, int value)
{
	b->data[b->size++] = (uint8_t)value;
}

static void put16(struct bytes *b, int value)
{
	put8(b, value & 0xff);
	put8(b, value >> 8);
}

static void put32(struct bytes *b, uint32_t value)
{
	put16(b, (int)(value & 0xffff));
	put16(b, (int)(value >> 16));
}

static int begin(struct bytes *b, int type)
{
	put8(b, 0);
	put8(b, type);
	return b->size - 2;
}

static void end(struct bytes *b, int start)
{
	b->data[start] = (uint8_t)(b->size - start);
}

static void patch16(struct bytes *b, int at, int value)
{
	b->data[at] = (uint8_t)value;
	b->data[at + 1] = (uint8_t)(value >> 8);
}

static void put_interface(struct bytes *b, int number, int setting, int endpoints, int subclass)
{
	const int start = begin(b, INTERFACE);
	put8(b, number), put8(b, setting), put8(b, endpoints);
	put8(b, CC_VIDEO), put8(b, subclass), put8(b, 0), put8(b, 0);
	end(b, start);
}

static void put_endpoint(struct bytes *b, int number, int packet)
{
	const int start = begin(b, ENDPOINT);
	put8(b, 0x80 | number), put8(b, 5 /* isochronous, asynchronous */), put16(b, packet);
	put8(b, 1 /* every microframe */);
	end(b, start);
}

/* Camera terminal, processing unit with one control (brightness), a terminal to the host for each
 * stream. */
static void put_control_interface(struct bytes *b, const struct uvc *u)
{
	int start = begin(b, ASSOCIATION);
	put8(b, 0), put8(b, 1 + u->streams), put8(b, CC_VIDEO), put8(b, SC_COLLECTION), put8(b, 0);
	put8(b, STRING_PRODUCT);
	end(b, start);
	put_interface(b, 0, 0, 0, SC_CONTROL);
	const int header = start = begin(b, CS_INTERFACE);
	put8(b, VC_HEADER), put16(b, 0x0100);
	const int total = b->size;
	put16(b, 0), put32(b, 48000000), put8(b, u->streams);
	for (int stream = 1; stream <= u->streams; stream++)
		put8(b, stream);
	end(b, start);
	start = begin(b, CS_INTERFACE);
	put8(b, VC_INPUT_TERMINAL), put8(b, CAMERA), put16(b, 0x0201 /* a camera */),
		put8(b, 0), put8(b, 0);
	put16(b, 0), put16(b, 0), put16(b, 0) /* no zoom */, put8(b, 3), put8(b, 0), put16(b, 0);
	end(b, start);
	start = begin(b, CS_INTERFACE);
	put8(b, VC_PROCESSING_UNIT), put8(b, PROCESSING), put8(b, CAMERA), put16(b, 0), put8(b, 2);
	put16(b, 1 /* brightness */), put8(b, 0);
	end(b, start);
	for (int stream = 0; stream < u->streams; stream++) {
		start = begin(b, CS_INTERFACE);
		put8(b, VC_OUTPUT_TERMINAL), put8(b, SCREEN + stream),
			put16(b, 0x0101 /* streaming */);
		put8(b, 0), put8(b, PROCESSING), put8(b, 0);
		end(b, start);
	}
	patch16(b, total, b->size - header);
}

static int bytes_per_pixel(const struct uvc *u)
{
	return u->format == UVC_GREY ? 1 : 2;
}

static uint32_t picture_size(const struct uvc *u)
{
	return (uint32_t)(u->width * u->height * bytes_per_pixel(u));
}

static void put_format(struct bytes *b, const struct uvc *u)
{
	static const uint8_t rest_of_guid[] = {0, 0, 0x10, 0, 0x80, 0,
	                                       0, 0xaa, 0, 0x38, 0x9b, 0x71};
	const int start = begin(b, CS_INTERFACE);
	if (u->format == UVC_MJPEG) {
		put8(b, VS_FORMAT_MJPEG), put8(b, 1), put8(b, 1), put8(b, 1);
	} else {
		put8(b, VS_FORMAT_UNCOMPRESSED), put8(b, 1), put8(b, 1);
		for (const char *c = u->format == UVC_GREY ? "Y800" : "YUY2"; *c != '\0'; c++)
			put8(b, *c);
		for (unsigned i = 0; i < sizeof rest_of_guid; i++)
			put8(b, rest_of_guid[i]);
		put8(b, 8 * bytes_per_pixel(u));
	}
	put8(b, 1), put8(b, 0), put8(b, 0), put8(b, 0), put8(b, 0);
	end(b, start);
}

static void put_frame(struct bytes *b, const struct uvc *u)
{
	const int start = begin(b, CS_INTERFACE);
	put8(b, u->format == UVC_MJPEG ? VS_FRAME_MJPEG : VS_FRAME_UNCOMPRESSED),
		put8(b, 1), put8(b, 0);
	put16(b, u->width), put16(b, u->height);
	put32(b, picture_size(u) * 8 * 15), put32(b, picture_size(u) * 8 * 30);
	put32(b, picture_size(u)), put32(b, TICKS_A_SECOND / 30);
	put8(b, 2), put32(b, TICKS_A_SECOND / 30), put32(b, TICKS_A_SECOND / 15);
	end(b, start);
}

/* The second setting takes what a raw picture needs: three packets of 1024 in a microframe. */
static const int endpoint_sizes[] = {0, 0x0400, 0x1400}, packet_sizes[] = {0, 1024, 3072};

static void put_streaming_interface(struct bytes *b, const struct uvc *u, int stream)
{
	put_interface(b, stream, 0, 0, SC_STREAMING);
	const int header = begin(b, CS_INTERFACE);
	put8(b, VS_INPUT_HEADER), put8(b, 1);
	const int total = b->size;
	put16(b, 0), put8(b, 0x80 | stream), put8(b, 0), put8(b, SCREEN + stream - 1);
	put8(b, 0), put8(b, 0), put8(b, 0), put8(b, 1), put8(b, 0);
	end(b, header);
	put_format(b, u);
	put_frame(b, u);
	const int start = begin(b, CS_INTERFACE);
	put8(b, VS_COLORFORMAT), put8(b, 1), put8(b, 1), put8(b, 4) /* sRGB */;
	end(b, start);
	patch16(b, total, b->size - header);
	for (int setting = 1; setting <= 2; setting++) {
		put_interface(b, stream, setting, 1, SC_STREAMING);
		put_endpoint(b, stream, endpoint_sizes[setting]);
	}
}

static int put_configuration(uint8_t *data, const struct uvc *u)
{
	struct bytes b = {data, 0};
	const int start = begin(&b, CONFIGURATION);
	const int total = b.size;
	put16(&b, 0), put8(&b, 1 + u->streams), put8(&b, 1), put8(&b, 0),
		put8(&b, 0x80), put8(&b, 250);
	end(&b, start);
	put_control_interface(&b, u);
	for (int stream = 1; stream <= u->streams; stream++)
		put_streaming_interface(&b, u, stream);
	patch16(&b, total, b.size);
	return b.size;
}

static int put_device(uint8_t *data)
{
	struct bytes b = {data, 0};
	const int start = begin(&b, DEVICE);
	put16(&b, 0x0200), put8(&b, 0xef), put8(&b, 2), put8(&b, 1), put8(&b, 64);
	put16(&b, 0x1209), put16(&b, 0x0001) /* pid.codes' number for tests */, put16(&b, 0x0100);
	put8(&b, STRING_MAKER), put8(&b, STRING_PRODUCT), put8(&b, STRING_SERIAL), put8(&b, 1);
	end(&b, start);
	return b.size;
}

static int put_qualifier(uint8_t *data)
{
	struct bytes b = {data, 0};
	const int start = begin(&b, QUALIFIER);
	put16(&b, 0x0200), put8(&b, 0xef), put8(&b, 2), put8(&b, 1), put8(&b, 64),
		put8(&b, 1), put8(&b, 0);
	end(&b, start);
	return b.size;
}

static int put_string(uint8_t *data, const struct uvc *u, int index)
{
	const char *const texts[] = {"", "unknot", "Rig Camera", u->serial};
	struct bytes b = {data, 0};
	if (index > STRING_SERIAL)
		return UVC_STALL;
	const int start = begin(&b, STRING);
	if (index == 0)
		put16(&b, 0x0409 /* English */);
	for (const char *c = texts[index]; *c != '\0'; c++)
		put16(&b, *c);
	end(&b, start);
	return b.size;
}

/* ---- requests ---- */

static uint32_t get32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void set32(uint8_t *p, uint32_t value)
{
	struct bytes b = {p, 0};
	put32(&b, value);
}

/* What the host wishes becomes what this camera does. Offsets: UVC 1.0, table 4-47. */
static void settle(const struct uvc *u, uint8_t *wish)
{
	wish[2] = wish[3] = 1;
	set32(wish + 4, get32(wish + 4) > TICKS_A_SECOND / 22 ? TICKS_A_SECOND / 15
	                                                      : TICKS_A_SECOND / 30);
	set32(wish + 18, picture_size(u));
	set32(wish + 22, (uint32_t)packet_sizes[u->format == UVC_MJPEG ? 1 : 2]);
}

static int answer_standard(struct uvc *u, const uint8_t *setup, uint8_t *data)
{
	enum { GET_STATUS = 0, CLEAR_FEATURE = 1, GET_DESCRIPTOR = 6, GET_CONFIGURATION = 8,
	       SET_CONFIGURATION = 9, GET_INTERFACE = 10, SET_INTERFACE = 11 };
	switch (setup[1]) {
	case GET_STATUS: data[0] = data[1] = 0; return 2;
	case GET_CONFIGURATION: data[0] = 1; return 1;
	case GET_INTERFACE: data[0] = (uint8_t)u->setting; return 1;
	case CLEAR_FEATURE:
	case SET_CONFIGURATION: return 0;
	case SET_INTERFACE:
		if (setup[4] == 1 && setup[2] <= 2)
			u->setting = setup[2];
		return 0;
	case GET_DESCRIPTOR:
		switch (setup[3]) {
		case DEVICE: return put_device(data);
		case CONFIGURATION: return put_configuration(data, u);
		case STRING: return put_string(data, u, setup[2]);
		case QUALIFIER: return put_qualifier(data);
		}
	}
	return UVC_STALL;
}

static int answer_negotiation(struct uvc *u, const uint8_t *setup, uint8_t *data)
{
	switch (setup[1]) {
	case SET_CUR:
		if (setup[3] == VS_COMMIT && u->refuse > 0) {
			u->refuse--;
			return UVC_STALL;
		}
		memcpy(u->negotiated, data, sizeof u->negotiated);
		settle(u, u->negotiated);
		return 0;
	case GET_LEN: data[0] = UVC_NEGOTIATION_SIZE, data[1] = 0; return 2;
	case GET_INFO: data[0] = 3; return 1;
	case GET_CUR:
	case GET_MIN:
	case GET_MAX:
	case GET_DEF:
		memcpy(data, u->negotiated, sizeof u->negotiated);
		return UVC_NEGOTIATION_SIZE;
	}
	return UVC_STALL;
}

static int answer_brightness(struct uvc *u, const uint8_t *setup, uint8_t *data)
{
	int value;
	switch (setup[1]) {
	case SET_CUR: u->brightness = (uint16_t)(data[0] | data[1] << 8); return 0;
	case GET_INFO: data[0] = 3; return 1;
	case GET_LEN: value = 2; break;
	case GET_CUR: value = u->brightness; break;
	case GET_MIN: value = 0; break;
	case GET_MAX: value = 255; break;
	case GET_RES: value = 1; break;
	case GET_DEF: value = 128; break;
	default: return UVC_STALL;
	}
	patch16(&(struct bytes){data, 0}, 0, value);
	return 2;
}

static int answer(struct uvc *u, const uint8_t *setup, uint8_t *data)
{
	enum { TYPE = 0x60, RECIPIENT = 0x1f, TO_INTERFACE = 1 };
	const int selector = setup[3], interface = setup[4], entity = setup[5];
	if ((setup[0] & TYPE) == 0)
		return answer_standard(u, setup, data);
	if ((setup[0] & RECIPIENT) != TO_INTERFACE)
		return UVC_STALL;
	if (u->stall > 0) {
		u->stall--;
		return UVC_STALL;
	}
	if (interface >= 1 && interface <= u->streams &&
	    (selector == VS_PROBE || selector == VS_COMMIT))
		return answer_negotiation(u, setup, data);
	if (interface == 0 && entity == PROCESSING && selector == PU_BRIGHTNESS)
		return answer_brightness(u, setup, data);
	if (interface == 0 && entity == 0 && selector == VC_ERROR_CODE && setup[1] == GET_CUR) {
		data[0] = 0;
		return 1;
	}
	return UVC_STALL;
}

void uvc_init(struct uvc *u, enum uvc_format format, int width, int height,
              const char *serial, int streams)
{
	*u = (struct uvc){.format = format, .width = width, .height = height, .streams = streams,
	                  .brightness = 128};
	snprintf(u->serial, sizeof u->serial, "%s", serial);
	settle(u, u->negotiated);
}

int uvc_control(struct uvc *u, const uint8_t setup[8], uint8_t *data)
{
	const int wanted = setup[6] | setup[7] << 8, got = answer(u, setup, data);
	return got < wanted ? got : wanted;
}

int uvc_packet_size(const struct uvc *u)
{
	return packet_sizes[u->setting];
}

double uvc_interval(const struct uvc *u)
{
	return get32(u->negotiated + 4) / (double)TICKS_A_SECOND;
}
