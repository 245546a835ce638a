/* cost_engine: the memory that pose_lite and face_mesh take, while they load and while they run.
 * Written against the process before them, so that libraries do not count. */
#include "kernels/kernels.h"
#include "memory.h"
#include "net/net.h"

#include <stdio.h>
#include <string.h>

static void print(const char *when, const struct memory *before)
{
	const struct memory m = memory_now();
	printf("%-12s %6.1f MB resident, %6.1f MB its own, peak %6.1f MB\n", when,
	       (double)(m.resident - before->resident) / 1024, (double)(m.own - before->own) / 1024,
	       (double)(m.peak - before->resident) / 1024);
}

int main(void)
{
	static const enum net_id ids[] = {NET_POSE_LITE, NET_FACE_MESH};
	struct net *nets[2] = {NULL, NULL};
	struct error error;
	kernels_best();
	memory_forget_peak();
	const struct memory before = memory_now();
	struct model_file *models = model_file_open(NULL, &error);
	bool good = models != NULL;
	print("file checked", &before);
	for (int i = 0; good && i < 2; i++) {
		nets[i] = net_create(models, ids[i], &error);
		good = nets[i] != NULL;
		print(net_name(ids[i]), &before);
	}
	for (int i = 0; good && i < 2; i++) {
		size_t weights, activations;
		memset(net_input(nets[i]), 0, net_input_stride(nets[i]) * sizeof(float));
		net_run(nets[i]);
		net_memory(nets[i], &weights, &activations);
		printf("%-12s %6.1f MB weights, %.1f MB activations\n", net_name(ids[i]),
		       (double)weights / (1 << 20), (double)activations / (1 << 20));
	}
	print("both ran", &before);
	if (!good)
		fprintf(stderr, "cost_engine: %s\n", error.text);
	for (int i = 0; i < 2; i++)
		net_free(nets[i]);
	model_file_close(models);
	return good ? 0 : 1;
}
