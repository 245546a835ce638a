/* Inside the room: an open, validated model file. */
#ifndef UNKNOT_NET_MODEL_FILE_H
#define UNKNOT_NET_MODEL_FILE_H

#include "base/error.h"
#include "net/format.h"
#include "net/net.h"

/* A network's tables as they were checked: the file may change behind them. */
struct model_tables {
	struct model_tensor *tensors;
	struct model_op *ops;
};

struct model_file {
	int fd;
	size_t size;
	char path[1024];
	char hash[65];
	struct model_net nets[MODEL_NETS];
	struct model_tables tables[MODEL_NETS];
	uint32_t net_count;
};

/* The records of one network by name; every index, shape and extent in them has been checked:
 * operators only read what was computed before, shapes follow from the operators, constants lie in
 * the file. */
struct model_graph {
	const struct model_net *net;
	const struct model_tensor *tensors;
	const struct model_op *ops;
};
bool model_file_graph(const struct model_file *, const char *name, struct model_graph *,
                      struct error *);

/* A constant's numbers as float into dst. False when the file has become shorter meanwhile. */
bool model_constant(const struct model_file *, const struct model_tensor *,
                    float *dst, struct error *);

#endif
