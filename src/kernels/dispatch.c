/* The ladder: which table serves which level. The only file that names the instruction sets. */
#include "cpu/cpu.h"
#include "kernels/kernels.h"
#include "kernels/levels.h"

#include <string.h>

static const struct kernels *table_of(enum cpu_level level)
{
	switch (level) {
	case CPU_C:
		return &kernels_c;
#if defined(__x86_64__)
	case CPU_SSE2:
		return &kernels_sse2;
	case CPU_AVX2:
		return &kernels_avx2;
	case CPU_AVX512:
		return &kernels_avx512;
#endif
#if defined(__aarch64__)
	case CPU_NEON:
		return &kernels_neon;
#endif
	default:
		return NULL;
	}
}

const struct kernels *kernels_best(void)
{
	for (int level = cpu_level(); level > CPU_C; level--)
		if (cpu_has(level) && table_of(level) != NULL)
			return table_of(level);
	return &kernels_c;
}

const struct kernels *kernels_named(const char *name)
{
	for (int level = CPU_C; level <= CPU_NEON; level++)
		if (strcmp(name, cpu_level_name(level)) == 0)
			return cpu_has(level) ? table_of(level) : NULL;
	return NULL;
}
