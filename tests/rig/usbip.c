#include "usbip.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RETURN_SUBMIT = 3, RETURN_UNLINK = 4, HIGH_SPEED = 3, NO_PACKETS = 0xffffffff };

/* 48 bytes on the wire, whatever the command. */
struct header {
	uint32_t command, sequence, device, direction, endpoint;
	union {
		struct {
			uint32_t flags, length, start, packets, interval;
			uint8_t setup[8];
		} submit;
		struct {
			int32_t status;
			uint32_t actual, start, packets, errors;
			uint8_t padding[8];
		} submitted;
		struct {
			uint32_t victim;
			uint8_t padding[24];
		} unlink;
		struct {
			int32_t status;
			uint8_t padding[24];
		} unlinked;
	};
};
_Static_assert(sizeof(struct header) == 48, "as in the protocol");
_Static_assert(sizeof(struct usbip_packet) == 16, "as in the protocol");

int usbip_attach(int port)
{
	static const char attach[] = "/sys/devices/platform/vhci_hcd.0/attach";
	int pair[2];
	char text[64];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		perror("camera: socketpair");
		return -1;
	}
	/* Port, socket, device number (any, but not 0) and speed; the kernel keeps the socket. */
	const int size = snprintf(text, sizeof text, "%d %d %d %d", port,
	                          pair[1], 0x10002 + port, HIGH_SPEED);
	const int file = open(attach, O_WRONLY | O_CLOEXEC);
	const bool attached = file >= 0 && write(file, text, (size_t)size) == size;
	if (!attached)
		perror("camera: no virtual USB port");
	if (file >= 0)
		close(file);
	close(pair[1]);
	if (attached)
		return pair[0];
	close(pair[0]);
	return -1;
}

static bool read_all(int wire, void *data, size_t size)
{
	for (char *at = data; size > 0;) {
		const ssize_t got = read(wire, at, size);
		if (got <= 0)
			return false;
		at += got;
		size -= (size_t)got;
	}
	return true;
}

static bool write_all(int wire, struct iovec *parts, int count)
{
	while (count > 0) {
		ssize_t done = writev(wire, parts, count);
		if (done < 0)
			return false;
		for (; count > 0 && (size_t)done >= parts->iov_len; parts++, count--)
			done -= (ssize_t)parts->iov_len;
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + done;
			parts->iov_len -= (size_t)done;
		}
	}
	return true;
}

static bool receive_packets(int wire, struct usbip_request *r)
{
	if (r->packets > USBIP_PACKETS_MAX ||
	    !read_all(wire, r->packet, (size_t)r->packets * sizeof *r->packet))
		return false;
	for (int i = 0; i < r->packets; i++) {
		r->packet[i].offset = ntohl(r->packet[i].offset);
		r->packet[i].length = ntohl(r->packet[i].length);
		r->packet[i].actual = 0;
		r->packet[i].status = 0;
	}
	return true;
}

bool usbip_receive(int wire, struct usbip_request *r, uint8_t *data, size_t size)
{
	struct header h;
	if (!read_all(wire, &h, sizeof h))
		return false;
	*r = (struct usbip_request){.command = ntohl(h.command), .sequence = ntohl(h.sequence),
	                            .endpoint = ntohl(h.endpoint), .in = ntohl(h.direction) == 1};
	if (r->command == USBIP_UNLINK) {
		r->victim = ntohl(h.unlink.victim);
		return true;
	}
	r->length = ntohl(h.submit.length);
	if (r->command != USBIP_SUBMIT || r->length > USBIP_DATA_MAX)
		return false;
	memcpy(r->setup, h.submit.setup, sizeof r->setup);
	const uint32_t packets = ntohl(h.submit.packets);
	r->packets = packets == NO_PACKETS ? 0 : (int)(packets & 0xffff);
	if (!r->in && (r->length > size || !read_all(wire, data, r->length)))
		return false;
	return receive_packets(wire, r);
}

static struct header answer(const struct usbip_request *r, uint32_t command)
{
	return (struct header){.command = htonl(command), .sequence = htonl(r->sequence)};
}

bool usbip_complete(int wire, const struct usbip_request *r, int status,
                    const uint8_t *data, uint32_t size)
{
	struct header h = answer(r, RETURN_SUBMIT);
	h.submitted.status = (int32_t)htonl((uint32_t)status);
	h.submitted.actual = htonl(r->in ? size : r->length);
	struct iovec parts[] = {{&h, sizeof h}, {(void *)(uintptr_t)data, r->in ? size : 0}};
	return write_all(wire, parts, 2);
}

bool usbip_complete_packets(int wire, const struct usbip_request *r, const uint8_t *data)
{
	struct header h = answer(r, RETURN_SUBMIT);
	struct usbip_packet packets[USBIP_PACKETS_MAX];
	uint32_t total = 0;
	for (int i = 0; i < r->packets; i++) {
		const struct usbip_packet *p = &r->packet[i];
		packets[i] = (struct usbip_packet){htonl(p->offset), htonl(p->length),
		                                   htonl(p->actual),
		                                   (int32_t)htonl((uint32_t)p->status)};
		total += p->actual;
	}
	h.submitted.actual = htonl(total);
	h.submitted.packets = htonl((uint32_t)r->packets);
	struct iovec parts[] = {{&h, sizeof h},
	                        {(void *)(uintptr_t)data, total},
	                        {packets, (size_t)r->packets * sizeof *packets}};
	return write_all(wire, parts, 3);
}

bool usbip_unlinked(int wire, const struct usbip_request *unlink, bool was_pending)
{
	struct header h = answer(unlink, RETURN_UNLINK);
	h.unlinked.status = (int32_t)htonl((uint32_t)(was_pending ? USBIP_UNLINKED : 0));
	struct iovec part = {&h, sizeof h};
	return write_all(wire, &part, 1);
}
