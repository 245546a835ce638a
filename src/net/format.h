/* The packed model file: what models/pack.c writes and model_file.c maps. Little-endian, every
 * record a multiple of 4 bytes, data 64-byte aligned; models/README.md describes it for people.
 *
 *   model_header | model_net[net_count] | per network: model_tensor[], model_op[] | constants
 *
 * Checksum and digest cover everything after the header. */
#ifndef UNKNOT_NET_FORMAT_H
#define UNKNOT_NET_FORMAT_H

#include <stdint.h>

#define MODEL_MAGIC "UNKNOTM"
enum {
	MODEL_VERSION = 3,
	MODEL_NETS = 8,      /* at most */
	MODEL_TENSORS = 512, /* at most, per network */
	MODEL_OPS = 512,
	MODEL_OUTPUTS = 4,
	MODEL_SIDE = 4096,     /* largest height or width of a tensor */
	MODEL_CHANNELS = 4096,
};

struct model_header {
	char magic[8];       /* MODEL_MAGIC and its zero */
	uint32_t version;
	uint32_t net_count;
	uint64_t file_size;
	uint8_t sha256[32];  /* names the content; checked by tests, not at every start */
	uint64_t checksum;   /* model_checksum: checked on load */
};

struct model_net {
	char name[24];
	uint32_t tensor_offset, tensor_count; /* model_tensor records, from the file's start */
	uint32_t op_offset, op_count;         /* model_op records, in an order
	                                       * that can be executed */
	uint32_t input;                       /* tensor */
	uint32_t output_count;
	uint32_t outputs[MODEL_OUTPUTS];      /* tensors */
};

enum model_type { MODEL_ACTIVATION, MODEL_F16, MODEL_F32 };

/* An activation of height x width x channels, or a constant: conv [oc][kh][kw][ic], depthwise
 * [kh][kw][c], bias and slope [c], with `count` numbers at `offset`. */
struct model_tensor {
	uint32_t type;
	uint32_t height, width, channels; /* activations; 0 for constants */
	uint32_t offset, count;           /* constants; 0 for activations */
};

enum model_op_kind {
	MODEL_CONV,        /* in[0]; weights, bias */
	MODEL_DEPTHWISE,   /* in[0]; weights, bias */
	MODEL_ADD,         /* in[0] + in[1] */
	MODEL_PAD_CHANNELS,/* zeros behind the channels */
	MODEL_MAXPOOL,     /* 2x2, step 2 */
	MODEL_UPSAMPLE,    /* bilinear x2, half-pixel centres */
	MODEL_DEPTH_TO_SPACE, /* 2x2 */
	MODEL_LOGISTIC,
	MODEL_RESHAPE,     /* the same numbers, row-major */
	MODEL_CONCAT,      /* in[0..in_count-1] one after the other, row-major */
	MODEL_PRELU,       /* weights: slope per channel */
	MODEL_RELU,
	MODEL_OP_KINDS
};

enum model_activation { MODEL_NONE, MODEL_ACT_RELU, MODEL_ACT_RELU6 };

enum { MODEL_NO_TENSOR = 0xffffffff, MODEL_INPUTS = 4 };

struct model_op {
	uint32_t kind;
	uint32_t in_count, in[MODEL_INPUTS];
	uint32_t out;
	uint32_t weights, bias;              /* MODEL_NO_TENSOR when none */
	uint32_t kernel, step;               /* square */
	uint32_t pad_top, pad_left, pad_bottom, pad_right; /* zeros around in[0] */
	uint32_t activation;
};

#endif
