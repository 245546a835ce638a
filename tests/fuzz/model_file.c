/* A packed model file, its checksum made right so that what is damaged reaches the checks behind
 * it; what passes those is made into networks and run. */
#include "fuzz.h"
#include "net/format.h"
#include "net/steps.h"
#include "../unit/tiny_model.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t file[1 << 17];
	struct error error;
	if (size > sizeof file)
		return 0;
	memcpy(file, data, size);
	if (size >= sizeof(struct model_header))
		tiny_model_seal(file, size);
	const char *path = fuzz_file(file, size);
	struct model_file *models = path != NULL ? model_file_open(path, &error) : NULL;
	if (models == NULL)
		return 0;
	for (int id = 0; id < NET_COUNT; id++) {
		struct net *net = net_create_unchecked(models, (enum net_id)id, &error);
		if (net != NULL)
			net_run(net);
		net_free(net);
	}
	model_file_close(models);
	return 0;
}
