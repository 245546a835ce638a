/* peer_unknot NET INPUT.f32 OUT [windows]: our own engine, speaking the peers' protocol
 * (compare.py). With "windows" the runs that are timed make of the heat map what the pose tracker
 * reads of it. */
#include "cpu/cpu.h"
#include "net/net.h"
#include "peer.h"

#include <math.h>
#include <string.h>

static void run(void *net)
{
	net_run(net);
}

enum { CELLS = 64, SIDE = 7, LANDMARKS = 39, NUMBERS = 5 };

static uint32_t first_cell(float place)
{
	return (uint32_t)fminf(fmaxf(place * CELLS - (float)(SIDE / 2), 0), CELLS - SIDE);
}

/* As refine() in src/landmark/pose.c reads them: 7 x 7 cells around each landmark. */
static void run_windows(void *net)
{
	float cells[NET_WINDOW * NET_WINDOW];
	net_run(net);
	const float *point = net_output(net, POSE_LANDMARKS, NULL);
	const float size = (float)net_input_side(net);
	for (uint32_t i = 0; i < LANDMARKS; i++, point += NUMBERS) {
		const struct net_window window = {
			.row = first_cell(point[1] / size), .rows = SIDE,
			.column = first_cell(point[0] / size), .columns = SIDE, .channel = i};
		net_read_window(net, POSE_HEATMAP, &window, cells);
	}
}

int main(int argc, char **argv)
{
	struct error error;
	if (argc != 4 && (argc != 5 || strcmp(argv[4], "windows") != 0))
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
	if (argc == 5)
		net_defer(net, POSE_HEATMAP);
	peer_serve(ready, argc == 5 ? run_windows : run, net);
	net_free(net);
	model_file_close(models);
	return 0;
}
