/* A model file of a few kilobytes that uses every operator once: what the tests damage. */
#ifndef UNKNOT_TESTS_TINY_MODEL_H
#define UNKNOT_TESTS_TINY_MODEL_H

#include <stddef.h>
#include <stdint.h>

enum { TINY_ROOM = 65536 };

/* Writes the file into `to` (TINY_ROOM bytes) and returns its size. Networks: pose_lite, whose four
 * outputs come from unfused steps, and face_mesh, a stem, depthwise and project in one block. Tables come
 * first, constants behind *tables_end. */
size_t tiny_model(uint8_t *to, size_t *tables_end);

/* Makes size and checksum right again, so that a damaged table reaches the checks behind them. */
void tiny_model_seal(uint8_t *file, size_t size);

#endif
