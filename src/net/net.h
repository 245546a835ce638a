/* Networks: load one from the packed model file and run it. Weights are packed and memory planned
 * in net_create; net_run allocates nothing, and computes only what the kept outputs need. */
#ifndef UNKNOT_NET_NET_H
#define UNKNOT_NET_NET_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum net_id {
	NET_POSE_DETECTOR, /* 224x224, in [-1,1]: boxes 2254x12, scores 2254 */
	NET_POSE_LITE,     /* 256x256, in [0,1]: landmarks 39x5, presence
	                    * 1, heat map 64x64x39, world 39x3 */
	NET_POSE_FULL,     /* the same */
	NET_FACE_DETECTOR, /* 128x128, in [-1,1]: boxes 896x16, scores 896 */
	NET_FACE_MESH,     /* 192x192, in [0,1]: mesh 468x3 in pixels of 192, face logit 1 */
	NET_COUNT
};

/* Indices for net_output. */
enum { POSE_DETECTOR_BOXES, POSE_DETECTOR_SCORES };
enum { POSE_LANDMARKS, POSE_PRESENCE, POSE_HEATMAP, POSE_WORLD };
enum { FACE_DETECTOR_BOXES, FACE_DETECTOR_SCORES };
enum { FACE_MESH_POINTS, FACE_MESH_SCORE };

/* "pose_lite" and so on, as `unknot bench --net` takes them. */
const char *net_name(enum net_id id);

/* What a network is to its readers: the room landmark indexes outputs by these numbers. net_create
 * refuses a file whose network is another. */
enum { NET_OUTPUTS = 4 };
struct net_contract {
	uint32_t side;     /* of the input picture, pixels */
	uint32_t output_count;
	struct {
		const char *name;
		uint32_t rows, columns, channels;
	} outputs[NET_OUTPUTS];
};
const struct net_contract *net_contract(enum net_id id);

/* ---- the packed model file (models/README.md has the format) ---- */
struct model_file;

/* Reads and validates the whole file: magic, version, every offset and size against the end, the
 * checksum. What was checked is kept as a copy: writing to the file later harms nobody.
 * path NULL: $UNKNOT_MODEL, else the file beside the program, else the installed one. */
struct model_file *model_file_open(const char *path, struct error *);
void model_file_close(struct model_file *);
/* SHA-256 of the file's content in hex, for reports. */
const char *model_file_hash(const struct model_file *);

/* ---- a network ---- */
struct net;

/* Fails when the file has no such network, when it is not the one of net_contract, when a constant
 * is not a finite number, or a weight of a 1x1 or dense layer is none that binary16 holds. The
 * model file need not outlive the net. A net is used by one thread at a time. */
struct net *net_create(const struct model_file *, enum net_id, struct error *);
void net_free(struct net *);

/* The input tensor: side x side pixels of RGB float, rows net_input_stride floats apart. The caller
 * fills the pixels before each run; whatever lies between rows belongs to the net. */
uint32_t net_input_side(const struct net *);
float *net_input(struct net *);
size_t net_input_stride(const struct net *);

void net_run(struct net *);

/* An output in its natural order (row, column, channel), contiguous, valid until the next run. */
const float *net_output(const struct net *, unsigned index, size_t *count);

/* Part of an output of several rows: one channel of rows x columns cells, each at most NET_WINDOW,
 * all of them inside. */
enum { NET_WINDOW = 8 };
struct net_window {
	uint32_t row, column, rows, columns, channel;
};

/* From now on runs leave this output out, if it can be made later: a heat map of which its reader
 * looks at a few cells. Its net_output then means nothing. */
void net_defer(struct net *, unsigned output);

/* The window's cells of the last run, row by row: the numbers that net_output has or would have,
 * to the bit. */
void net_read_window(struct net *, unsigned output, const struct net_window *, float *cells);

/* ---- what the benchmark prints ---- */
struct net_layer {
	const char *kind; /* "stem", "expand+dw+project", "conv1x1", ... */
	char shape[48];
	double mmac;      /* multiply-accumulates actually done, millions */
};
size_t net_layers(const struct net *, const struct net_layer **);
double net_mmac(const struct net *);
/* As net_run, and writes each layer's seconds (net_layers of them) into `seconds`. */
void net_run_timed(struct net *, double *seconds);
/* Bytes held for packed weights and for activations. */
void net_memory(const struct net *, size_t *weights, size_t *activations);

#endif
