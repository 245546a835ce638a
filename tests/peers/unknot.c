/* peer_unknot NET INPUT.f32 OUT: our own engine, speaking the peers' protocol (compare.py). */
#include "cpu/cpu.h"
#include "net/net.h"
#include "peer.h"

#include <string.h>

static void run(void *net)
{
	net_run(net);
}

int main(int argc, char **argv)
{
	struct error error;
	if (argc != 4)
		return 2;
	struct model_file *models = model_file_open(NULL, &error);
	struct net *net = NULL;
	for (int id = 0; models != NULL && id < NET_COUNT; id++)
		if (strcmp(net_name((enum net_id)id), argv[1]) == 0)
			net = net_create(models, (enum net_id)id, &error);
	if (net == NULL) {
		fprintf(stderr, "peer_unknot: %s\n", error.text);
		return 1;
	}
	const uint32_t side = net_input_side(net);
	float *pixels = peer_read(argv[2], (size_t)side * side * 3);
	for (uint32_t y = 0; y < side; y++)
		memcpy(net_input(net) + y * net_input_stride(net), pixels + (size_t)y * side * 3,
		       side * 3 * sizeof *pixels);
	free(pixels);
	net_run(net);
	for (unsigned i = 0; i < PEER_OUTPUTS; i++) {
		size_t count;
		const float *values = net_output(net, i, &count);
		if (count != 0)
			peer_write(argv[3], i, values, count);
	}
	char ready[64];
	snprintf(ready, sizeof ready, "unknot, %s", cpu_level_name(cpu_level()));
	peer_serve(ready, run, net);
	net_free(net);
	model_file_close(models);
	return 0;
}
