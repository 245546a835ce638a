/* A model file of a few kilobytes that uses every operator once: what the tests damage. */
#ifndef UNKNOT_TESTS_TINY_MODEL_H
#define UNKNOT_TESTS_TINY_MODEL_H

#include <stddef.h>
#include <stdint.h>

enum { TINY_ROOM = 65536 };

/* Writes the file into `to` (TINY_ROOM bytes) and returns its size. Networks: pose_lite, whose four
 * outputs come from unfused steps, and face_mesh, a stem, depthwise and project in one block.
 * Tables come first, constants behind *tables_end. */
size_t tiny_model(uint8_t *to, size_t *tables_end);

/* The same with networks that a lowering may get wrong: pose_detector, whose layers look as if they
 * could be fused, and pose_full, whose sums are made in parts. */
size_t tiny_model_of_traps(uint8_t *to);

/* Makes size and checksum right again, so that a damaged table reaches the checks behind them. */
void tiny_model_seal(uint8_t *file, size_t size);

#endif
