/* Where everything lies that a run writes: tensors by their lifetimes, borders, rows per turn. */
#include "net/steps.h"

#include <stdlib.h>

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static void touch(struct net *net, int tensor, int step)
{
	if (tensor == NONE)
		return;
	struct tensor *t = &net->tensors[tensor];
	if (t->first == NONE)
		t->first = step;
	t->last = step;
}

static void find_lifetimes(struct net *net)
{
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		touch(net, s->in, i);
		touch(net, s->other, i);
		touch(net, s->main.residual, i);
		touch(net, s->project.residual, i);
		if (s->output == NONE)
			touch(net, s->out, i);
	}
	/* What windows are made of after the run. */
	for (int i = 0; i < net->step_count; i++)
		if (net->steps[i].main.by_block) {
			touch(net, net->steps[i].in, net->step_count);
			touch(net, net->steps[i].other, net->step_count);
		}
	for (uint32_t o = 0; o < net->output_count; o++)
		for (int p = 0; p < net->outputs[o].piece_count; p++)
			touch(net, net->outputs[o].pieces[p].tensor, net->step_count);
}

/* Lowest place where a tensor meets no other one that lives at the same time. Big ones first: the
 * classic greedy plan, within a few percent of the largest simultaneous need on these networks. */
struct placed {
	size_t offset, size;
	int first, last, tensor;
};

static int by_size(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;
	return (x->size < y->size) - (x->size > y->size);
}

static size_t lowest_place(const struct placed *list, int count, const struct placed *t)
{
	size_t offset = 0;
	for (bool moved = true; moved;) {
		moved = false;
		for (int i = 0; i < count; i++) {
			const struct placed *o = &list[i];
			if (o->first <= t->last && t->first <= o->last &&
			    o->offset < offset + t->size && offset < o->offset + o->size) {
				offset = o->offset + o->size;
				moved = true;
			}
		}
	}
	return offset;
}

/* Offsets of all tensors in one piece of memory; returns its size in bytes. */
static size_t plan(struct net *net, struct placed *list, int *count)
{
	size_t total = 0;
	*count = 0;
	for (int i = 0; i < net->tensor_count; i++)
		if (net->tensors[i].first != NONE)
			list[(*count)++] = (struct placed){
				.size = arena_round(net->tensors[i].floats * sizeof(float)),
				.first = net->tensors[i].first, .last = net->tensors[i].last,
				.tensor = i};
	qsort(list, (size_t)*count, sizeof *list, by_size);
	for (int i = 0; i < *count; i++) {
		list[i].offset = lowest_place(list, i, &list[i]);
		if (list[i].offset + list[i].size > total)
			total = list[i].offset + list[i].size;
	}
	return total;
}

/* No network of ours needs a tenth of this: a file that asks for more is not one of them. */
enum { ACTIVATIONS_MAX = 64 << 20 };

/* ---- borders ---- */

/* Rows of a tensor with a border are read and written one by one. That suits the dense kernels
 * where a row fills their tiles; sparse1x1 wants more pixels, a dense layer reads its input as one
 * piece, and an output is gathered from a plain tensor. */
static bool may_have_border(const struct net *net, int tensor)
{
	enum { NARROW = 12 };
	if (net->tensors[tensor].width < NARROW)
		return false;
	for (uint32_t o = 0; o < net->output_count; o++)
		for (int p = 0; p < net->outputs[o].piece_count; p++)
			if (net->outputs[o].pieces[p].tensor == tensor)
				return false;
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		const bool touched = s->in == tensor || s->out == tensor || s->other == tensor ||
		                     s->main.residual == tensor || s->project.residual == tensor;
		const bool sparse = s->expand.nonzeros != NULL || s->main.nonzeros != NULL ||
		                    s->project.nonzeros != NULL;
		if (touched && (sparse || s->kind == STEP_DENSE))
			return false;
	}
	return true;
}

/* Without a border the rows would have to be copied into the ring: a tenth of face_mesh's time. */
static void give_border(struct net *net, const struct step *s)
{
	struct tensor *t = &net->tensors[s->in];
	const struct model_op *dw = s->main.op;
	const uint32_t sides = larger(dw->pad_left, dw->pad_right);
	const uint32_t above = t->pitch != 0 && has_border(t) ? t->before / t->pitch : 0;
	const uint32_t gap = larger(t->pitch - t->width, larger(sides, 1));
	/* A row that is computed wider than it is reads so many pixels too many. */
	const uint32_t beyond = 8;
	t->pitch = t->width + gap;
	t->before = larger(above, dw->pad_top) * t->pitch + gap;
	t->below = larger(t->below, dw->pad_bottom);
	t->floats = t->blocks * plane(t) + beyond * KERNEL_BLOCK;
}

static void give_borders(struct net *net)
{
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		if (s->kind == STEP_BLOCK && s->expand.op == NULL && may_have_border(net, s->in))
			give_border(net, s);
	}
}

/* As many rows as `pixels` hold. */
static uint32_t most_rows(uint32_t width, uint32_t height, uint32_t pixels)
{
	const uint32_t rows = pixels > width ? pixels / width : 1;
	return rows < height ? rows : height;
}

/* The same in equal turns. */
static uint32_t rows_for(uint32_t width, uint32_t height, uint32_t pixels)
{
	const uint32_t rows = most_rows(width, height, pixels);
	const uint32_t turns = (height + rows - 1) / rows;
	return (height + turns - 1) / turns;
}

/* Rows that one turn makes: enough pixels for the 1x1 convolutions to fill their register tiles
 * several times over for each reading of the weights, few enough for the ring to stay in the cache
 * (64 to 128 pixels differ by 2 %). The sparse ones, whose registers run over pixels, have a wish
 * of their own. */
static void choose_rows(struct net *net)
{
	const uint32_t pixels = 96, sparse = net->kernels->sparse_pixels, tile = 4;
	for (int i = 0; i < net->step_count; i++) {
		struct step *s = &net->steps[i];
		const struct tensor *out = &net->tensors[s->out];
		s->rows_at_once = 1;
		if (s->project.nonzeros != NULL)
			s->rows_at_once = most_rows(out->width, out->height, sparse);
		else if (s->project.op != NULL)
			s->rows_at_once = rows_for(out->width, out->height, pixels);
		/* A tile of one pixel waits for its own sums as long as one of eight takes: rows of
		 * 7 are computed as 8, and the next row covers the pixel that is too much. */
		s->dw_width = out->width;
		if (s->main.residual == NONE && (s->project.op != NULL || !has_border(out)))
			s->dw_width = (out->width + tile - 1) / tile * tile;
		s->expand_rows = 1;
		if (s->expand.nonzeros != NULL)
			s->expand_rows = most_rows(s->middle_width, s->middle_height, sparse);
		else if (s->expand.op != NULL && !s->expand_is_stem)
			s->expand_rows = rows_for(s->middle_width, s->middle_height, pixels);
	}
}

static size_t planes_of(const struct net *net, const struct layer *l)
{
	if (l->nonzeros != NULL)
		return net->kernels->sparse_scratch(l->in_channels, l->out_channels) *
		       sizeof(float);
	return l->part != 0 ? net->kernels->conv1x1_scratch(l->part) * sizeof(float) : 0;
}

bool net_place_activations(struct net *net)
{
	give_borders(net);
	choose_rows(net);
	struct placed list[TENSORS_MAX];
	int count;
	find_lifetimes(net);
	const size_t tensors = plan(net, list, &count);
	const size_t input = net->input_rows * net->input_stride * sizeof(float);
	size_t scratch = 0, planes = 0, outputs = 0;
	for (int i = 0; i < net->step_count; i++) {
		const struct step *s = &net->steps[i];
		const size_t needs[] = {planes_of(net, &s->expand), planes_of(net, &s->main),
		                        planes_of(net, &s->project)};
		const size_t need = step_scratch(net, s) * sizeof(float);
		scratch = need > scratch ? need : scratch;
		for (size_t k = 0; k < sizeof needs / sizeof *needs; k++)
			planes = needs[k] > planes ? needs[k] : planes;
	}
	for (uint32_t i = 0; i < net->output_count; i++)
		outputs += arena_round(net->outputs[i].count * sizeof(float));
	const size_t size = arena_round(input) + tensors + arena_round(scratch) +
	                    arena_round(planes) + outputs;
	if (size > ACTIVATIONS_MAX || !arena_init(&net->activations, size))
		return false;
	net->input = arena_take(&net->activations, input);
	unsigned char *base = arena_take(&net->activations, tensors);
	for (int i = 0; i < count; i++)
		net->tensors[list[i].tensor].data = (float *)(void *)(base + list[i].offset) +
		                                    net->tensors[list[i].tensor].before *
		                                    KERNEL_BLOCK;
	net->scratch = arena_take(&net->activations, scratch);
	net->planes = arena_take(&net->activations, planes);
	for (uint32_t i = 0; i < net->output_count; i++)
		net->outputs[i].data =
			arena_take(&net->activations, net->outputs[i].count * sizeof(float));
	return true;
}

