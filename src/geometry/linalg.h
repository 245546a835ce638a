/* Three-dimensional vectors and matrices, row-major, and a small symmetric solver. */
#ifndef UNKNOT_GEOMETRY_LINALG_H
#define UNKNOT_GEOMETRY_LINALG_H

#include <math.h>
#include <stdbool.h>

static inline double dot3(const double a[3], const double b[3])
{
	return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline double length3(const double a[3])
{
	return sqrt(dot3(a, a));
}

/* out = m * v */
static inline void apply3(const double m[3][3], const double v[3], double out[3])
{
	const double x = v[0], y = v[1], z = v[2];
	for (int i = 0; i < 3; i++)
		out[i] = m[i][0] * x + m[i][1] * y + m[i][2] * z;
}

/* out = a * b; out is neither. */
static inline void multiply3(const double a[3][3], const double b[3][3], double out[3][3])
{
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			out[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
}

/* The rotation by the vector w (axis times angle), Rodrigues' formula. */
void rotation_from_vector(const double w[3], double r[3][3]);

/* The rotation nearest to a (its polar factor), by Newton's iteration (Higham 1986). False when a
 * is singular or mirrors. */
bool nearest_rotation(const double a[3][3], double r[3][3]);

enum { SOLVE_MAX = 6 };

/* Solves the positive definite a * x = b in place by Cholesky; also the inverse's diagonal when
 * variance is not NULL. False when a is not positive definite. */
bool solve_symmetric(double a[SOLVE_MAX][SOLVE_MAX], double b[SOLVE_MAX], int n, double *variance);

double median_of(double *values, int count); /* reorders values */

#endif
