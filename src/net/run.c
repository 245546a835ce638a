#include "net/steps.h"

#include <math.h>
#include <string.h>

enum { B = KERNEL_BLOCK };

/* Rows of pixels in c8: `stride` floats between blocks, `row` between rows. */
struct rows {
	float *data;
	size_t stride, row;
};

static struct rows rows_of(const struct tensor *t, uint32_t y)
{
	return (struct rows){t->data + y * row_of(t), plane(t), row_of(t)};
}

/* For output pixels from the beginning of row y on. */
static struct epilogue epilogue_of(const struct net *net, const struct layer *l, uint32_t y)
{
	struct epilogue e = {.bias = l->bias, .slope = l->slope, .activation = l->activation};
	if (l->residual != NONE) {
		const struct tensor *r = &net->tensors[l->residual];
		e.residual = r->data + y * row_of(r);
		e.residual_stride = plane(r);
		e.residual_blocks = r->blocks;
	}
	return e;
}

/* What lived in a tensor's memory before is gone; the zeros around its rows must be written
 * again. */
static void clear_border(const struct tensor *t)
{
	for (uint32_t block = 0; block < t->blocks; block++) {
		float *first = t->data + block * plane(t);
		memset(first - (size_t)t->before * B, 0, (size_t)t->before * B * sizeof *first);
		for (uint32_t y = 0; y < t->height; y++)
			for (uint32_t i = t->width * B; i < t->pitch * B; i++)
				first[y * row_of(t) + i] = 0;
		memset(first + t->height * row_of(t), 0, t->below * row_of(t) * sizeof *first);
	}
}

/* ---- 1x1 ---- */

/* in is the layer's input from row y on, pixels without gaps; out likewise, or rows of `width`. */
static void sparse_rows(const struct net *net, const struct layer *l, const struct rows *in,
                        const struct rows *out, uint32_t width, uint32_t y, uint32_t count)
{
	const struct sparse1x1 job = {
		.in = in->data, .in_stride = in->stride, .out = out->data,
		.out_stride = out->stride,
		.weights = l->nonzeros, .scratch = net->planes, .pixels = width * count,
		.row_pixels = width, .row_stride = out->row, .in_channels = l->in_channels,
		.out_channels = l->out_channels, .epilogue = epilogue_of(net, l, y)};
	net->kernels->sparse1x1(&job);
}

static void dense_rows(const struct net *net, const struct layer *l, const struct rows *in,
                       const struct rows *out, uint32_t width, uint32_t y, uint32_t count)
{
	const struct tensor *residual = l->residual != NONE ? &net->tensors[l->residual] : NULL;
	const size_t plain = (size_t)width * B,
	             residual_row = residual != NULL ? row_of(residual) : plain;
	const bool together = in->row == plain && out->row == plain && residual_row == plain;
	for (uint32_t c = 0; c < l->in_channels; c += l->part) {
		const bool last = l->in_channels - c <= l->part;
		struct conv1x1 job = {
			.in = in->data + c / B * in->stride, .in_stride = in->stride,
			.in_row = in->row,
			.out = out->data, .out_stride = out->stride, .out_row = out->row,
			.weights = l->halves + c / l->part * l->part_size, .scratch = net->planes,
			.pixels = together ? width * count : width, .rows = together ? 1 : count,
			.in_channels = last ? l->in_channels - c : l->part,
			.out_channels = l->out_channels, .residual_row = residual_row,
			.epilogue = epilogue_of(net, l, y)};
		if (c > 0) {
			job.epilogue.residual = out->data;
			job.epilogue.residual_stride = out->stride;
			job.epilogue.residual_blocks = blocks_of(l->out_channels);
			job.residual_row = out->row;
		}
		if (!last) {
			job.epilogue.bias = l->zeros;
			job.epilogue.activation = ACTIVATION_NONE;
		}
		net->kernels->conv1x1(&job);
	}
}

/* `count` rows, y and the following of the layer's output. */
static void conv_rows(const struct net *net, const struct layer *l, struct rows in, struct rows out,
                      uint32_t width, uint32_t y, uint32_t count)
{
	if (l->nonzeros != NULL) /* reads and adds nothing with a border: may_have_border() */
		sparse_rows(net, l, &in, &out, width, y, count);
	else
		dense_rows(net, l, &in, &out, width, y, count);
}

/* ---- blocks: a ring of the depthwise convolution's input rows ----
 *
 * Ring layout: [block][slot][gap + middle_width][8], and one slot more, the row of zeros above and
 * below the picture. The gap of zeros before a row is also the one behind the row before it. Only
 * the rows that the coming output rows need exist at a time, so the wide tensor between the 1x1 and
 * the depthwise convolution stays in the cache.
 *
 * The 1x1 makes several rows at once where they are short, always as many: the ring holds a
 * multiple, so that they lie together. */
struct ring {
	float *data;
	uint32_t gap, pitch; /* pixels */
	uint32_t beyond;     /* zeros behind the zero row; a row computed too wide reads so far */
	uint32_t slots;      /* without the zero row */
	size_t stride;       /* between blocks */
};

/* Whether the depthwise convolution reads its input where it lies. */
static bool reads_directly(const struct net *net, const struct step *s)
{
	return s->expand.op == NULL && has_border(&net->tensors[s->in]);
}

static struct ring ring_of(const struct net *net, const struct step *s)
{
	const struct model_op *dw = s->main.op;
	struct ring r = {.data = net->scratch};
	if (reads_directly(net, s))
		return r;
	r.gap = dw->pad_left > dw->pad_right ? dw->pad_left : dw->pad_right;
	r.pitch = r.gap + s->middle_width;
	const uint32_t reads = r.gap - dw->pad_left + (s->dw_width - 1) * dw->step + dw->kernel;
	r.beyond = reads > r.pitch ? reads - r.pitch : 0;
	r.slots = (s->rows_at_once - 1) * dw->step + dw->kernel + s->expand_rows - 1;
	r.slots = (r.slots + s->expand_rows - 1) / s->expand_rows * s->expand_rows;
	r.stride = ((size_t)(r.slots + 1) * r.pitch + r.beyond) * B;
	return r;
}

/* Between blocks of the depthwise convolution's output rows that wait for the 1x1 behind it. */
static size_t waiting_stride(const struct net *net, const struct step *s)
{
	const uint32_t width = net->tensors[s->out].width;
	return ((size_t)s->rows_at_once * width + s->dw_width - width) * B;
}

static size_t waiting_floats(const struct net *net, const struct step *s)
{
	return s->project.op != NULL ? blocks_of(s->main.out_channels) * waiting_stride(net, s) : 0;
}

/* Pixels of a window, upsampled from whole pixels of the input: one more on either side. */
enum { WINDOW_PIXELS = NET_WINDOW * (NET_WINDOW + 4) };

/* A row of the upsampled input and one of the result, of a CONV that goes into an output; or a
 * window likewise, whose result is one block. */
static size_t head_floats(const struct net *net, const struct step *s)
{
	const size_t row = (size_t)net->tensors[s->out].width * B;
	const uint32_t blocks = blocks_of(s->main.in_channels);
	if (s->output == NONE)
		return 0;
	const size_t whole = row * (blocks + blocks_of(s->main.out_channels));
	const size_t window = (size_t)WINDOW_PIXELS * B * (blocks + 1);
	return s->main.by_block && window > whole ? window : whole;
}

size_t step_scratch(const struct net *net, const struct step *s)
{
	if (s->kind == STEP_CLAMP)
		return (size_t)net->tensors[s->out].width * B;
	if (s->kind == STEP_CONV)
		return head_floats(net, s);
	if (s->kind != STEP_BLOCK)
		return 0;
	const uint32_t blocks = blocks_of(s->main.out_channels);
	return blocks * ring_of(net, s).stride + waiting_floats(net, s);
}

/* The first pixel of a row, behind the gap. */
static float *slot_of(const struct ring *r, uint32_t slot)
{
	return r->data + ((size_t)slot * r->pitch + r->gap) * B;
}

static void clear_pixels(float *p, uint32_t pixels)
{
	for (; pixels != 0; pixels--, p += B)
		memset(p, 0, B * sizeof *p); /* of a size that needs no call */
}

static void clear_gaps(const struct ring *r, uint32_t blocks)
{
	for (uint32_t block = 0; block < blocks; block++) {
		float *slot = r->data + block * r->stride;
		for (uint32_t i = 0; i < r->slots; i++, slot += (size_t)r->pitch * B)
			clear_pixels(slot, r->gap);
		clear_pixels(slot, r->pitch + r->beyond);
	}
}

static void stem_row(const struct net *net, const struct layer *l, uint32_t y, uint32_t width,
                     float *out, size_t out_stride)
{
	struct stem job = {.out = out, .out_stride = out_stride, .weights = l->weights,
	                   .width = width,
	                   .out_channels = l->out_channels, .k = l->op->kernel, .step = l->op->step,
	                   .epilogue = epilogue_of(net, l, y)};
	for (uint32_t i = 0; i < job.k; i++)
		job.rows[i] = net->input + (size_t)(y * job.step + i) * net->input_stride;
	net->kernels->stem(&job);
}

/* Row y into its slot. */
static void copy_row(const struct step *s, const struct ring *r, struct rows from, uint32_t y)
{
	for (uint32_t block = 0; block < blocks_of(s->main.out_channels); block++)
		memcpy(slot_of(r, y % r->slots) + block * r->stride,
		       from.data + block * from.stride,
		       (size_t)s->middle_width * B * sizeof *from.data);
}

/* Row y of the depthwise convolution's input and the rows made with it into their slots; returns
 * how many. */
static uint32_t fill_rows(const struct net *net, const struct step *s, const struct ring *r,
                          uint32_t y)
{
	float *slot = slot_of(r, y % r->slots);
	const uint32_t width = s->middle_width, left = s->middle_height - y;
	const uint32_t count = s->expand_rows < left ? s->expand_rows : left;
	if (s->expand_is_stem) {
		stem_row(net, &s->expand, y, width, slot, r->stride);
		return 1;
	}
	const struct rows in = rows_of(&net->tensors[s->in], y);
	if (s->expand.op == NULL) {
		copy_row(s, r, in, y);
		return 1;
	}
	conv_rows(net, &s->expand, in, (struct rows){slot, r->stride, (size_t)r->pitch * B},
	          width, y, count);
	return count;
}

static void depthwise_row(const struct net *net, const struct step *s,
                          const struct ring *r, uint32_t y, float *out, size_t out_stride)
{
	const struct tensor *t = &net->tensors[s->out];
	const struct model_op *op = s->main.op;
	const bool direct = reads_directly(net, s);
	const struct tensor *in = direct ? &net->tensors[s->in] : NULL;
	struct depthwise job = {.in_stride = direct ? plane(in) : r->stride, .out = out,
	                        .out_stride = out_stride, .weights = s->main.weights,
	                        .width = s->dw_width, .blocks = blocks_of(s->main.out_channels),
	                        .k = op->kernel, .step = op->step,
	                        .epilogue = epilogue_of(net, &s->main, y)};
	if (s->project.op == NULL && (t->height - y) * t->width < s->dw_width)
		job.width = t->width; /* behind the last row lies another block */
	for (uint32_t i = 0; i < op->kernel; i++) {
		int64_t from = (int64_t)y * op->step + i - op->pad_top;
		bool inside = from >= 0 && from < s->middle_height;
		if (direct)
			job.rows[i] = in->data + from * (int64_t)row_of(in) -
			              (int64_t)op->pad_left * B;
		else
			job.rows[i] = slot_of(r, inside ? (uint32_t)from % r->slots : r->slots) -
			              (size_t)op->pad_left * B;
	}
	net->kernels->depthwise(&job);
}

static void run_block(const struct net *net, const struct step *s)
{
	const struct tensor *out = &net->tensors[s->out];
	const struct model_op *dw = s->main.op;
	const bool direct = reads_directly(net, s);
	const struct ring r = ring_of(net, s);
	const struct rows waiting = {net->scratch + blocks_of(s->main.out_channels) * r.stride,
	                             waiting_stride(net, s), (size_t)out->width * B};
	uint32_t filled = direct ? s->middle_height : 0;
	if (!direct)
		clear_gaps(&r, blocks_of(s->main.out_channels));
	for (uint32_t y = 0; y < out->height; y += s->rows_at_once) {
		uint32_t count = out->height - y < s->rows_at_once ? out->height - y
		                                                   : s->rows_at_once;
		int64_t needed = (int64_t)(y + count - 1) * dw->step + dw->kernel - dw->pad_top;
		while (filled < s->middle_height && filled < needed)
			filled += fill_rows(net, s, &r, filled);
		const struct rows to = s->project.op != NULL ? waiting : rows_of(out, y);
		for (uint32_t i = 0; i < count; i++)
			depthwise_row(net, s, &r, y + i, to.data + i * to.row, to.stride);
		if (s->project.op != NULL)
			conv_rows(net, &s->project, waiting, rows_of(out, y), out->width, y, count);
	}
}

/* ---- the others ---- */

/* From c8 to row-major with the true number of channels. Pixels write whole blocks as long as the
 * overhang stays within `room` floats, where what comes next covers it: the heat map has 160 000
 * numbers. */
static void gather_pixels(const float *from, size_t stride, uint32_t channels, size_t pixels,
                          float *to, size_t room)
{
	const uint32_t blocks = blocks_of(channels);
	const size_t wide = (size_t)blocks * B;
	size_t whole = room >= wide ? (room - wide) / channels + 1 : 0;
	whole = whole < pixels ? whole : pixels;
	for (size_t p = 0; p < whole; p++)
		for (uint32_t block = 0; block < blocks; block++)
			memcpy(to + p * channels + block * B, from + block * stride + p * B,
			       B * sizeof *to);
	for (size_t p = whole; p < pixels; p++)
		for (uint32_t c = 0; c < channels; c++)
			to[p * channels + c] = from[c / B * stride + p * B + c % B];
}

static void run_dense(const struct net *net, const struct step *s)
{
	const struct tensor *in = &net->tensors[s->in];
	const struct dense job = {.in = in->data, .out = net->tensors[s->out].data,
	                          .weights = s->main.halves, .bias = s->main.bias,
	                          .inputs = (uint32_t)in->floats, .outputs = s->main.out_channels};
	net->kernels->dense(&job);
}

static void run_maxpool(const struct net *net, const struct step *s)
{
	const struct tensor *in = &net->tensors[s->in], *out = &net->tensors[s->out];
	const size_t in_row = row_of(in), out_row = row_of(out);
	for (uint32_t y = 0; y < out->height; y++)
		net->kernels->maxpool2x2(out->data + y * out_row, plane(out),
		                         in->data + 2 * y * in_row,
		                         in->data + (2 * y + 1) * in_row, plane(in), out->width,
		                         out->blocks);
}

/* Row y of upsample(in) + other, when there is one: what `width` pixels of the input become, from
 * `first` on. The outermost two are made as if the input ended there. */
static void upsample_part(const struct net *net, const struct step *s, uint32_t y, uint32_t first,
                          uint32_t width, float *out, size_t out_stride)
{
	const struct tensor *in = &net->tensors[s->in];
	const struct tensor *other = s->other != NONE ? &net->tensors[s->other] : NULL;
	/* Source row (y + .5) / 2 - .5 lies between these two, f of the way, edges clamped. */
	const uint32_t above = y == 0 ? 0 : (y - 1) / 2;
	const uint32_t below = y == 2 * in->height - 1 ? in->height - 1 : (y + 1) / 2;
	const float *from = in->data + (size_t)first * B;
	const size_t plus = y * (other != NULL ? row_of(other) : 0) + (size_t)2 * first * B;
	net->kernels->upsample2x(out, out_stride, from + above * row_of(in),
	                         from + below * row_of(in), plane(in), width, in->blocks,
	                         y % 2 == 0 ? 0.75f : 0.25f,
	                         other != NULL ? other->data + plus : NULL,
	                         other != NULL ? plane(other) : 0);
}

static void upsample_row(const struct net *net, const struct step *s, uint32_t y, float *out,
                         size_t out_stride)
{
	upsample_part(net, s, y, 0, net->tensors[s->in].width, out, out_stride);
}

static void run_upsample(const struct net *net, const struct step *s)
{
	const struct tensor *out = &net->tensors[s->out];
	for (uint32_t y = 0; y < out->height; y++)
		upsample_row(net, s, y, out->data + y * row_of(out), plane(out));
}

/* other NULL: zeros. */
static void run_add(const struct net *net, const struct step *s, const struct tensor *other,
                    const float *zeros)
{
	const struct tensor *in = &net->tensors[s->in], *out = &net->tensors[s->out];
	for (uint32_t block = 0; block < out->blocks; block++) {
		const float *slope = s->main.slope != NULL ? s->main.slope + block * B : NULL;
		for (uint32_t y = 0; y < out->height; y++) {
			const float *b = zeros;
			if (other != NULL)
				b = other->data + block * plane(other) + y * row_of(other);
			net->kernels->add(out->data + block * plane(out) + y * row_of(out),
			                  in->data + block * plane(in) + y * row_of(in), b,
			                  (size_t)out->width * B, s->main.activation, slope);
		}
	}
}

static void run_depth_to_space(const struct net *net, const struct step *s)
{
	const struct tensor *in = &net->tensors[s->in], *out = &net->tensors[s->out];
	for (uint32_t block = 0; block < in->blocks; block++) {
		const uint32_t corner = block / out->blocks, to = block % out->blocks;
		for (uint32_t y = 0; y < in->height; y++) {
			const float *from = in->data + block * plane(in) + y * row_of(in);
			float *row = out->data + to * plane(out) +
			             (2 * y + corner / 2) * row_of(out) +
			             (size_t)(corner % 2) * B;
			for (uint32_t x = 0; x < in->width; x++, from += B)
				memcpy(row + (size_t)2 * x * B, from, B * sizeof *row);
		}
	}
}

static void run_conv(const struct net *net, const struct step *s)
{
	const struct tensor *out = &net->tensors[s->out];
	if (s->output == NONE) {
		conv_rows(net, &s->main, rows_of(&net->tensors[s->in], 0),
		          rows_of(out, 0), out->width, 0, out->height);
		return;
	}
	const struct output *output = &net->outputs[s->output];
	const size_t row = (size_t)out->width * B, numbers = (size_t)out->width * out->channels;
	const struct rows large = {net->scratch, row, row};
	const struct rows made = {net->scratch + blocks_of(s->main.in_channels) * row, row, row};
	for (uint32_t y = 0; y < out->height; y++) {
		if (s->upsampled)
			upsample_row(net, s, y, large.data, large.stride);
		conv_rows(net, &s->main, s->upsampled ? large : rows_of(&net->tensors[s->in], y),
		          made, out->width, y, 1);
		gather_pixels(made.data, made.stride, out->channels, out->width,
		              output->data + y * numbers, output->count - y * numbers);
	}
}

/* Of a CONV that reads an upsampling and is packed by blocks. */
void net_make_window(const struct net *net, const struct step *s, const struct net_window *w,
                     float *cells)
{
	const struct layer *l = &s->main;
	const uint32_t last = net->tensors[s->in].width - 1, end = w->column + w->columns;
	const uint32_t first = w->column == 0 ? 0 : (w->column - 1) / 2;
	const uint32_t width = (end / 2 < last ? end / 2 : last) - first + 1;
	const uint32_t pixels = 2 * width * w->rows, block = w->channel / B;
	const size_t stride = (size_t)pixels * B;
	float *made = net->scratch + stride * blocks_of(l->in_channels);
	for (uint32_t y = 0; y < w->rows; y++)
		upsample_part(net, s, w->row + y, first, width,
		              net->scratch + (size_t)2 * y * width * B, stride);
	const struct conv1x1 job = {
		.in = net->scratch, .in_stride = stride, .out = made, .out_stride = stride,
		.weights = l->block_halves + block * l->block_size, .scratch = net->planes,
		.pixels = pixels, .rows = 1, .in_channels = l->in_channels, .out_channels = B,
		.epilogue = {.bias = l->bias + block * B, .activation = l->activation,
		             .slope = l->slope != NULL ? l->slope + block * B : NULL}};
	net->kernels->conv1x1(&job);
	const float *from = made + (size_t)(w->column - 2 * first) * B + w->channel % B;
	for (uint32_t y = 0; y < w->rows; y++, from += (size_t)2 * width * B)
		for (uint32_t x = 0; x < w->columns; x++)
			*cells++ = from[(size_t)x * B];
}

void net_run_step(struct net *net, const struct step *s)
{
	const struct tensor *out = &net->tensors[s->out];
	if (s->output != NONE && net->outputs[s->output].deferred != NULL)
		return;
	if (has_border(out))
		clear_border(out);
	switch (s->kind) {
	case STEP_BLOCK: run_block(net, s); break;
	case STEP_CONV: run_conv(net, s); break;
	case STEP_STEM:
		for (uint32_t y = 0; y < out->height; y++)
			stem_row(net, &s->main, y, out->width, out->data + y * row_of(out),
			         plane(out));
		break;
	case STEP_DENSE: run_dense(net, s); break;
	case STEP_MAXPOOL: run_maxpool(net, s); break;
	case STEP_UPSAMPLE: run_upsample(net, s); break;
	case STEP_ADD: run_add(net, s, &net->tensors[s->other], NULL); break;
	case STEP_CLAMP:
		memset(net->scratch, 0, (size_t)out->width * B * sizeof(float));
		run_add(net, s, NULL, net->scratch);
		break;
	case STEP_DEPTH_TO_SPACE: run_depth_to_space(net, s); break;
	}
}

static float *gather_piece(const struct net *net, const struct piece *piece, float *to)
{
	const struct tensor *t = &net->tensors[piece->tensor];
	const size_t pixels = (size_t)t->height * t->width, count = pixels * t->channels;
	gather_pixels(t->data, plane(t), t->channels, pixels, to, count);
	for (size_t i = 0; piece->logistic && i < count; i++)
		to[i] = 1 / (1 + expf(-to[i]));
	return to + count;
}

void net_gather_outputs(struct net *net)
{
	for (uint32_t i = 0; i < net->output_count; i++) {
		float *to = net->outputs[i].data;
		for (int p = 0; p < net->outputs[i].piece_count; p++)
			/* else a step has put it there */
			if (net->outputs[i].pieces[p].tensor != NONE)
				to = gather_piece(net, &net->outputs[i].pieces[p], to);
	}
}
