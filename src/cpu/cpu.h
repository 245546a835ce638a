/* What this CPU can do. The only place that asks it. */
#ifndef UNKNOT_CPU_CPU_H
#define UNKNOT_CPU_CPU_H

enum cpu_level {
	CPU_C,      /* plain C */
	CPU_SSE2,   /* any x86-64 */
	CPU_AVX2,   /* AVX2, FMA and F16C */
	CPU_AVX512, /* AVX-512 F, BW, DQ, VL */
	CPU_NEON,   /* any AArch64 */
};

/* The level to run at: the fastest one present (cpu_fastest), or, when $UNKNOT_CPU names one
 * (c|sse2|avx2|avx512|neon; an unknown word is ignored with one warning), the best one up to that.
 * Detected once. */
enum cpu_level cpu_level(void);

/* Whether the machine itself has a level, whatever the cap says. */
int cpu_has(enum cpu_level);

/* Policy, apart from what a machine can do: the fastest of its levels (a bit each, 1 << CPU_AVX2),
 * given CPUID's vendor ("AuthenticAMD"; empty where there is none) and family (extended added). */
enum cpu_level cpu_fastest(unsigned levels, const char *vendor, unsigned family);

/* Caps as UNKNOT_CPU would (unknot bench --cpu). Returns 0 for an unknown word. Call before the
 * first network is created. */
int cpu_cap(const char *name);

const char *cpu_level_name(enum cpu_level);

#endif
