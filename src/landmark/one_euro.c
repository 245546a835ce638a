#include "landmark/one_euro.h"

#include <math.h>

static double smoothing(double frequency, double cutoff)
{
	return 1 / (1 + frequency / (2 * M_PI * cutoff));
}

double one_euro_step(struct one_euro *f, double value, double seconds,
                     double scale, double min_cutoff, double beta)
{
	const double derivative_cutoff = 1;
	if (!f->started) {
		*f = (struct one_euro){.started = true, .seconds = seconds,
		                       .raw = value, .value = value};
		return value;
	}
	const double dt = seconds - f->seconds;
	if (dt <= 0)
		return f->value;
	const double frequency = 1 / dt;
	const double a = smoothing(frequency, derivative_cutoff);
	f->speed = a * (value - f->raw) * scale * frequency + (1 - a) * f->speed;
	const double b = smoothing(frequency, min_cutoff + beta * fabs(f->speed));
	f->value = b * value + (1 - b) * f->value;
	f->raw = value;
	f->seconds = seconds;
	return f->value;
}
