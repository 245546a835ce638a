#include "geometry/linalg.h"

#include <stdlib.h>
#include <string.h>

void rotation_from_vector(const double w[3], double r[3][3])
{
	const double angle = length3(w);
	const double s = angle > 1e-12 ? sin(angle) / angle : 1;
	const double c = angle > 1e-12 ? (1 - cos(angle)) / (angle * angle) : 0.5;
	const double k[3][3] = {{0, -w[2], w[1]}, {w[2], 0, -w[0]}, {-w[1], w[0], 0}};
	double k2[3][3];
	multiply3(k, k, k2);
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			r[i][j] = (i == j) + s * k[i][j] + c * k2[i][j];
}

static double cofactors(const double m[3][3], double c[3][3])
{
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			int a = (i + 1) % 3, b = (i + 2) % 3, d = (j + 1) % 3, e = (j + 2) % 3;
			c[i][j] = m[a][d] * m[b][e] - m[a][e] * m[b][d];
		}
	return m[0][0] * c[0][0] + m[0][1] * c[0][1] + m[0][2] * c[0][2];
}

bool nearest_rotation(const double a[3][3], double r[3][3])
{
	double c[3][3], scale = 0;
	memcpy(r, a, sizeof(double[3][3]));
	for (int i = 0; i < 9; i++)
		scale = fmax(scale, fabs((&a[0][0])[i]));
	if (!(scale > 0) || !isfinite(scale))
		return false;
	for (int i = 0; i < 9; i++)
		(&r[0][0])[i] /= scale;
	for (int round = 0; round < 50; round++) {
		double determinant = cofactors(r, c), change = 0;
		if (!(determinant > 1e-12))
			return false;
		for (int i = 0; i < 3; i++)
			for (int j = 0; j < 3; j++) {
				double next = 0.5 * (r[i][j] + c[i][j] / determinant);
				change = fmax(change, fabs(next - r[i][j]));
				r[i][j] = next;
			}
		if (change < 1e-12)
			break;
	}
	return true;
}

static bool cholesky(double a[SOLVE_MAX][SOLVE_MAX], int n)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j <= i; j++) {
			double sum = a[i][j];
			for (int k = 0; k < j; k++)
				sum -= a[i][k] * a[j][k];
			if (i == j && !(sum > 0))
				return false;
			a[i][j] = i == j ? sqrt(sum) : sum / a[j][j];
		}
	return true;
}

static void substitute(double l[SOLVE_MAX][SOLVE_MAX], double b[SOLVE_MAX], int n)
{
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < i; k++)
			b[i] -= l[i][k] * b[k];
		b[i] /= l[i][i];
	}
	for (int i = n - 1; i >= 0; i--) {
		for (int k = i + 1; k < n; k++)
			b[i] -= l[k][i] * b[k];
		b[i] /= l[i][i];
	}
}

bool solve_symmetric(double a[SOLVE_MAX][SOLVE_MAX], double b[SOLVE_MAX], int n, double *variance)
{
	if (!cholesky(a, n))
		return false;
	substitute(a, b, n);
	for (int i = 0; variance != NULL && i < n; i++) {
		double unit[SOLVE_MAX] = {0};
		unit[i] = 1;
		substitute(a, unit, n);
		variance[i] = unit[i];
	}
	return true;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double median_of(double *values, int count)
{
	qsort(values, (size_t)count, sizeof *values, by_value);
	return count % 2 ? values[count / 2] : 0.5 * (values[count / 2 - 1] + values[count / 2]);
}
