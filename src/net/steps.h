/* Inside the room: a network as the steps that run it. lower.c makes them from the file's
 * operators, net.c plans memory and packs weights, run.c executes. */
#ifndef UNKNOT_NET_STEPS_H
#define UNKNOT_NET_STEPS_H

#include "base/arena.h"
#include "kernels/kernels.h"
#include "net/model_file.h"
#include "net/net.h"

enum { NONE = -1 };

enum { STEPS_MAX = MODEL_OPS, TENSORS_MAX = MODEL_TENSORS + 64, PIECES_MAX = 4 };

/* An activation in layout c8 (kernels.h). What a depthwise convolution reads without a 1x1 before
 * it is stored with its zero border: each block is `before` pixels of zeros, rows `pitch` pixels
 * apart with zeros behind them, `below` rows of zeros. */
struct tensor {
	uint32_t height, width, channels;
	uint32_t blocks;
	uint32_t pitch, before, below; /* width, 0, 0 without a border */
	size_t floats;
	int first, last;  /* steps between which its memory is its own; first NONE: never made */
	float *data;      /* first row of the first block */
};

/* One convolution, weights packed. */
struct layer {
	const struct model_op *op;   /* one of net.ops; NULL when there is none */
	uint32_t in_channels, out_channels;
	enum activation activation;
	int slopes;                  /* PReLU: tensor of the file, or NONE */
	int residual;                /* tensor added before the activation, or NONE */
	float *weights, *bias, *slope;
	uint16_t *halves;            /* weights of 1x1 and dense, in place of the others */
	uint32_t part;               /* 1x1: input channels added up at a time */
	size_t part_size;            /* weights of a part */
	float *zeros;                /* bias of all parts but the last, if there are several */
	union sparse_word *nonzeros; /* in place of weights where most of them are zero */
	uint64_t nonzero_count;
	bool by_block;               /* wanted: each block of outputs as a layer ... */
	uint16_t *block_halves;      /* ... of its own, or NULL; in place of nothing */
	size_t block_size;           /* weights of one */
};

enum step_kind {
	STEP_BLOCK,     /* [expand 1x1 | stem] -> depthwise -> [project 1x1], row by row */
	STEP_CONV,      /* 1x1 over the whole tensor */
	STEP_STEM,
	STEP_DENSE,
	STEP_MAXPOOL,
	STEP_UPSAMPLE,  /* + other, when there is one */
	STEP_ADD,       /* in + other */
	STEP_CLAMP,     /* activation in place of an ADD with nothing */
	STEP_DEPTH_TO_SPACE,
};

struct step {
	enum step_kind kind;
	int position;            /* of its last operator: the order of execution */
	int in, other, out;      /* tensors; in NONE: the network's input */
	struct layer expand;     /* BLOCK: 1x1 or stem, may be absent */
	struct layer main;       /* BLOCK: the depthwise; else the convolution,
	                          * or what ADD's activation says */
	struct layer project;    /* BLOCK: may be absent */
	bool expand_is_stem;
	uint32_t middle_height, middle_width; /* BLOCK: what the depthwise reads */
	uint32_t rows_at_once;   /* BLOCK: output rows per turn */
	uint32_t expand_rows;    /* BLOCK: rows that the 1x1 in front makes at once */
	uint32_t dw_width;       /* BLOCK: the depthwise convolution's
	                          * row with what it writes too much */
	bool upsampled;          /* CONV: reads upsample(in) + other, a row at a time */
	int output;              /* CONV: goes row by row into this output, or NONE */
};

/* A part of an output: a tensor flattened row-major, through a sigmoid or not. */
struct piece {
	int tensor;
	bool logistic;
};

struct output {
	struct piece pieces[PIECES_MAX];
	int piece_count;
	float *data;
	size_t count;
	const struct step *deferred; /* makes windows of it after the run, or NULL */
};

struct net {
	enum net_id id;
	const struct kernels *kernels;
	struct model_op *ops;        /* the file's, copied: it need not outlive the loading */
	struct tensor tensors[TENSORS_MAX];
	int tensor_count;
	struct step steps[STEPS_MAX];
	int step_count;
	struct output outputs[MODEL_OUTPUTS];
	uint32_t output_count;

	uint32_t side;               /* the input: side x side pixels */
	uint32_t pad_before, input_rows;
	float *input;                /* first padded row */
	size_t input_stride;

	struct arena weights, activations;
	float *scratch;              /* ring and row buffers of BLOCK steps, zeros of CLAMP */
	float *planes;               /* scratch of conv1x1 and sparse1x1 */
	struct net_layer *layers;
	double mmac;
};

/* net_create without the contract: what tests damage and fuzz has other outputs. */
struct net *net_create_unchecked(const struct model_file *, enum net_id, struct error *);

/* Operators to steps: fuses what can be, sets tensors, outputs, side and padding. */
bool net_lower(struct net *, const struct model_graph *, struct error *);

/* Places everything that a run writes in one arena. False when there is no memory. */
bool net_place_activations(struct net *);

/* Floats of scratch that a step needs. */
size_t step_scratch(const struct net *, const struct step *);

void net_run_step(struct net *, const struct step *);
void net_make_window(const struct net *, const struct step *, const struct net_window *,
                     float *cells);
void net_gather_outputs(struct net *);

/* Between the blocks of a tensor, and between its rows. */
static inline size_t plane(const struct tensor *t)
{
	return (t->before + (size_t)(t->height + t->below) * t->pitch) * KERNEL_BLOCK;
}

static inline size_t row_of(const struct tensor *t)
{
	return (size_t)t->pitch * KERNEL_BLOCK;
}

static inline bool has_border(const struct tensor *t)
{
	return t->pitch != t->width;
}

static inline uint32_t blocks_of(uint32_t channels)
{
	return (channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
}

#endif
