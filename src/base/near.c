#include "base/near.h"

#include <string.h>

int near_distance(const char *a, const char *b)
{
	enum { LONGEST = 64 };
	int row[LONGEST + 1];
	const int n = (int)strnlen(b, LONGEST);
	for (int j = 0; j <= n; j++)
		row[j] = j;
	for (int i = 1; a[i - 1] != '\0'; i++) {
		int corner = row[0];
		row[0] = i;
		for (int j = 1; j <= n; j++) {
			const int put_in = row[j - 1] + 1, left_out = row[j] + 1;
			const int changed = corner + (a[i - 1] != b[j - 1]);
			corner = row[j];
			row[j] = put_in < left_out ? put_in : left_out;
			row[j] = changed < row[j] ? changed : row[j];
		}
	}
	return row[n];
}
