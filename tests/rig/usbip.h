/* The device side of USB/IP over a socket pair: what the kernel's virtual host controller
 * (vhci_hcd) asks of a USB device, and the answers. Numbers are in host order here, big-endian on
 * the wire. Facts: Linux, Documentation/usb/usbip_protocol.rst. */
#ifndef UNKNOT_RIG_USBIP_H
#define UNKNOT_RIG_USBIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	USBIP_PACKETS_MAX = 128,
	USBIP_DATA_MAX = 1 << 20,
	USBIP_STALLED = -32, /* -EPIPE */
	USBIP_UNLINKED = -104, /* -ECONNRESET */
};

struct usbip_packet {
	uint32_t offset, length, actual;
	int32_t status;
};

struct usbip_request {
	enum { USBIP_SUBMIT = 1, USBIP_UNLINK = 2 } command;
	uint32_t sequence;
	uint32_t victim;             /* of an unlink: the sequence number to forget */
	uint32_t endpoint;
	bool in;                     /* device to host */
	uint32_t length;             /* of the transfer buffer */
	int packets;                 /* isochronous: how many, else 0 */
	struct usbip_packet packet[USBIP_PACKETS_MAX];
	uint8_t setup[8];
};

/* Plugs a high-speed device into `port` of the controller. The device's end of the wire, or -1 with
 * a message on standard error. To close it is to unplug. */
int usbip_attach(int port);

/* Takes the next request; what comes with an OUT transfer goes to `data`. False: the host hung
 * up. */
bool usbip_receive(int wire, struct usbip_request *, uint8_t *data, size_t size);

/* Each tells the host how a request ended; false when it hung up. */
bool usbip_complete(int wire, const struct usbip_request *, int status,
                    const uint8_t *data, uint32_t size);
/* data: what came of all packets, one behind the other without gaps; packet[].actual of it each. */
bool usbip_complete_packets(int wire, const struct usbip_request *, const uint8_t *data);
bool usbip_unlinked(int wire, const struct usbip_request *unlink, bool was_pending);

#endif
