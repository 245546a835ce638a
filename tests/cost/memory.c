#include "memory.h"

#include <stdio.h>
#include <string.h>

/* Adds up the lines "NAME: N kB" of that name. */
static long sum_of(const char *path, const char *name)
{
	char line[256];
	long sum = 0;
	FILE *f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		long kb;
		if (strncmp(line, name, strlen(name)) == 0 &&
		    sscanf(line + strlen(name), ": %ld", &kb) == 1)
			sum += kb;
	}
	if (f != NULL)
		fclose(f);
	return sum;
}

struct memory memory_now(void)
{
	static const char rollup[] = "/proc/self/smaps_rollup";
	return (struct memory){
		.resident = sum_of(rollup, "Rss"),
		.proportional = sum_of(rollup, "Pss"),
		.own = sum_of(rollup, "Private_Clean") + sum_of(rollup, "Private_Dirty"),
		.peak = sum_of("/proc/self/status", "VmHWM"),
	};
}

/* proc(5): 5 sets the peak back to the present size. */
void memory_forget_peak(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "w");
	if (f != NULL) {
		fputs("5", f);
		fclose(f);
	}
}

void memory_print(void)
{
	const struct memory m = memory_now();
	printf("memory             %8.1f MB resident, %.1f MB proportional, %.1f MB its own, peak "
	       "%.1f MB\n",
	       (double)m.resident / 1024, (double)m.proportional / 1024, (double)m.own / 1024,
	       (double)m.peak / 1024);
}
