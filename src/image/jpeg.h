/* JPEG pictures to planar YUV, the layout they have inside: no colour conversion, no copy. */
#ifndef UNKNOT_IMAGE_JPEG_H
#define UNKNOT_IMAGE_JPEG_H

#include "base/error.h"
#include "image/frame.h"

#include <stdbool.h>
#include <stddef.h>

enum { JPEG_SIDE_MAX = 8192 };

struct jpeg_decoder;

struct jpeg_decoder *jpeg_decoder_create(struct error *);
void jpeg_decoder_free(struct jpeg_decoder *);

/* Decodes one picture. The frame borrows the decoder's memory until the next call; memory grows
 * only when a larger picture comes. min_width > 0 lets the decoder scale down by 1/2, 1/4 or 1/8
 * while the result stays at least that wide. Accepts what USB cameras send: no Huffman tables, no
 * end marker, stray bytes, and a cut that costs no more than a sixteenth of the rows. A picture
 * that ends earlier, or is damaged so that the decoder had to guess, is an error: half a face is
 * worse than none. */
bool jpeg_decode(struct jpeg_decoder *, const void *data, size_t size,
                 int min_width, struct frame *, struct error *);

#endif
