/* Inside the room: a mapped, validated model file. */
#ifndef UNKNOT_NET_MODEL_FILE_H
#define UNKNOT_NET_MODEL_FILE_H

#include "base/error.h"
#include "net/format.h"
#include "net/net.h"

struct model_file {
	const uint8_t *data;
	size_t size;
	char path[1024];
	char hash[65];
	const struct model_net *nets;
	uint32_t net_count;
};

/* The records of one network by name; every index, shape and extent in them has been checked: operators
 * only read what was computed before, shapes follow from the operators, constants lie in the file. */
struct model_graph {
	const struct model_net *net;
	const struct model_tensor *tensors;
	const struct model_op *ops;
};
bool model_file_graph(const struct model_file *, const char *name, struct model_graph *, struct error *);

/* Lets go of the pages read so far: they stay in the system's cache and leave this process's
 * memory. */
void model_file_release_pages(const struct model_file *);

/* A constant's numbers as float into dst. */
void model_constant(const struct model_file *, const struct model_tensor *, float *dst);

#endif
