/* A deterministic source of noise: xorshift by Marsaglia, normal deviates by Box and Muller. Seeds
 * are not 0. */
#ifndef UNKNOT_TESTS_NOISE_H
#define UNKNOT_TESTS_NOISE_H

#include <math.h>
#include <stdint.h>

static inline uint32_t noise_next(uint32_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 17;
	*s ^= *s << 5;
	return *s;
}

/* Within 0 and 1, neither of them. */
static inline double noise_uniform(uint32_t *s)
{
	return (noise_next(s) + 0.5) / 4294967296.0;
}

/* Mean 0, standard deviation 1. */
static inline double noise_normal(uint32_t *s)
{
	const double r = sqrt(-2 * log(noise_uniform(s)));
	return r * cos(2 * M_PI * noise_uniform(s));
}

#endif
