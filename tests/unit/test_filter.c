#include "geometry/filter.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static double uniform(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) / 16777216.0;
}

/* Twelve uniform numbers: near enough to normal. */
static double normal(uint32_t *seed)
{
	double sum = -6;
	for (int i = 0; i < 12; i++)
		sum += uniform(seed);
	return sum;
}

static struct measures of(double value, double sigma)
{
	struct measures m = {0};
	for (int i = 0; i < MEASURE_COUNT; i++)
		m.m[i] = (struct measure){value, sigma, true};
	return m;
}

/* Root mean square error of a still person's measure, noise 0.4 of sigma 1. */
static double error_at(double rate, double *sigma)
{
	struct measure_filter f = {0};
	uint32_t seed = 7;
	double sum = 0;
	const int n = 2000;
	for (int i = 0; i < n; i++) {
		struct measures m = of(50 + 0.4 * normal(&seed), 1);
		measure_filter_step(&f, i / rate, &m);
		sum += (m.m[0].value - 50) * (m.m[0].value - 50);
		*sigma = m.m[0].sigma;
	}
	return sqrt(sum / n);
}

static void test_noise_shrinks_with_the_rate(void **state)
{
	(void)state;
	double fast_sigma, slow_sigma;
	const double fast = error_at(5, &fast_sigma), slow = error_at(0.1, &slow_sigma);
	assert_true(fast < 0.3 && fast > 0.1);
	assert_true(slow > 0.34 && slow < 0.44);
	assert_true(fast_sigma < slow_sigma && slow_sigma <= 1);
	/* What looking longer cannot mend stays. */
	assert_true(fast_sigma > sqrt(1 - 0.4 * 0.4));
}

static void test_who_moves_is_followed_at_once(void **state)
{
	(void)state;
	const double rates[] = {0.2, 1, 5};
	for (int r = 0; r < 3; r++) {
		struct measure_filter f = {0};
		struct measures m;
		for (int i = 0; i < 50; i++) {
			m = of(i < 25 ? 0 : 6, 0.5);
			measure_filter_step(&f, i / rates[r], &m);
			if (i >= 25)
				assert_true(fabs(m.m[MEASURE_EYE_DROP].value - 6) < 0.05);
		}
	}
}

static void test_a_slow_sink_does_not_lag(void **state)
{
	(void)state;
	struct measure_filter f = {0};
	for (int i = 0; i < 300; i++) { /* a centimetre in ten seconds, at five a second */
		const double truth = i / 5.0 / 10;
		struct measures m = of(truth, 0.5);
		measure_filter_step(&f, i / 5.0, &m);
		assert_true(fabs(m.m[0].value - truth) < 0.06);
	}
}

static void test_gaps_silence_and_hostile_numbers(void **state)
{
	(void)state;
	struct measure_filter f = {0};
	struct measures m = of(10, 1);
	measure_filter_step(&f, 100, &m);
	m = of(10.3, 1);
	measure_filter_step(&f, 300, &m); /* after a silence: as measured */
	assert_true(m.m[0].value == 10.3 && fabs(m.m[0].sigma - 1) < 1e-12);
	m = of(10.6, 1);
	measure_filter_step(&f, 20, &m); /* a clock that ran backwards */
	assert_true(m.m[0].value == 10.6);
	m = of(10.6, 1);
	m.m[0].valid = false;
	measure_filter_step(&f, 20.2, &m);
	assert_false(m.m[0].valid);
	m = of(10.9, 1);
	measure_filter_step(&f, 20.4, &m); /* not held to what was before it was lost */
	assert_true(m.m[0].value == 10.9);
	assert_true(m.m[1].value < 10.9);
	m = of(3, 0);
	measure_filter_step(&f, 21, &m);
	assert_true(m.m[0].value == 3 && m.m[0].sigma == 0);
	m = of(4, 1);
	measure_filter_step(&f, NAN, &m);
	assert_true(m.m[0].value == 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_noise_shrinks_with_the_rate),
		cmocka_unit_test(test_who_moves_is_followed_at_once),
		cmocka_unit_test(test_a_slow_sink_does_not_lag),
		cmocka_unit_test(test_gaps_silence_and_hostile_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
