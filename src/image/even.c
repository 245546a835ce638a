#include "image/even.h"

#include <math.h>

/* What the mean of a colour is brought to: what it is in the pictures that networks are trained on
 * (ImageNet's means are 0.41 to 0.49). And the faintest and strongest that is trusted: of 255, 5
 * and 250. */
static const double middle = 0.45, faintest = 0.02, strongest = 0.98;
/* A power within 20 % of one is not worth looking again: at 0.4 or 2.5 no face is lost. */
static const double worth = 0.2;

enum { LEVELS = 256 };

static double mean_of(const float *input, int size, size_t stride, float scale, float offset)
{
	double sum = 0;
	for (int y = 0; y < size; y++)
		for (int x = 0; x < size; x++)
			sum += (double)input[(size_t)y * stride + 3 * (size_t)x];
	return (sum / size / size - (double)offset) / (double)scale / 255;
}

static void raise(float *input, int size, size_t stride, float scale, float offset, double power)
{
	float level[LEVELS];
	for (int i = 0; i < LEVELS; i++)
		level[i] = 255 * scale * (float)pow(i / (LEVELS - 1.0), power) + offset;
	for (int y = 0; y < size; y++)
		for (int x = 0; x < size; x++) {
			float *p = &input[(size_t)y * stride + 3 * (size_t)x];
			const float pixel = (*p - offset) / scale + 0.5f;
			*p = level[pixel > 0 ? pixel < LEVELS - 1 ? (int)pixel : LEVELS - 1 : 0];
		}
}

bool even_out(float *input, int size, size_t stride, float scale, float offset, float share)
{
	double power[3];
	bool uneven = false;
	for (int c = 0; c < 3; c++) {
		const double mean = mean_of(input + c, size, stride, scale, offset) / (double)share;
		power[c] = log(middle) / log(fmin(strongest, fmax(faintest, mean)));
		uneven = uneven || fabs(log(power[c])) > worth;
	}
	for (int c = 0; uneven && c < 3; c++)
		raise(input + c, size, stride, scale, offset, power[c]);
	return uneven;
}
