/* What this process holds, from /proc/self. */
#ifndef UNKNOT_TESTS_COST_MEMORY_H
#define UNKNOT_TESTS_COST_MEMORY_H

/* kB. peak is of the resident size, since the start or the last memory_forget_peak. */
struct memory {
	long resident, proportional, own, peak;
};
struct memory memory_now(void);
void memory_forget_peak(void);
void memory_print(void);

#endif
