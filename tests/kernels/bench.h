/* Time per call and GFLOP/s of every level on the networks' own shapes. Both may be NULL: all. */
#ifndef UNKNOT_TESTS_BENCH_H
#define UNKNOT_TESTS_BENCH_H

int bench(const char *kernel, const char *level);

#endif
