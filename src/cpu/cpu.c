#include "cpu/cpu.h"

#include "base/log.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static const char *const names[] = {
	[CPU_C] = "c",           [CPU_SSE2] = "sse2", [CPU_AVX2] = "avx2",
	[CPU_AVX512] = "avx512", [CPU_NEON] = "neon",
};
enum { LEVELS = sizeof names / sizeof names[0] };

static int cap_set_by_caller = -1;

const char *cpu_level_name(enum cpu_level level)
{
	return (unsigned)level < LEVELS ? names[level] : "?";
}

static int level_of_name(const char *name)
{
	for (int i = 0; i < LEVELS; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	return -1;
}

#if defined(__x86_64__)

/* Bits of Intel SDM vol. 2A, CPUID, and vol. 1, 13.3 (XCR0). */
enum {
	LEAF1_ECX_FMA = 1 << 12,
	LEAF1_ECX_OSXSAVE = 1 << 27,
	LEAF1_ECX_AVX = 1 << 28,
	LEAF1_ECX_F16C = 1 << 29,
	LEAF7_EBX_AVX2 = 1 << 5,
	LEAF7_EBX_AVX512F = 1 << 16,
	LEAF7_EBX_AVX512DQ = 1 << 17,
	LEAF7_EBX_AVX512BW = 1 << 30,
	XCR0_YMM = 0x06,    /* SSE and AVX state saved by the kernel */
	XCR0_ZMM = 0xe6,    /* those, opmask, both halves of ZMM */
};
#define LEAF7_EBX_AVX512VL (1u << 31)

static unsigned xcr0_low(void)
{
	unsigned eax, edx;
	__asm__ volatile("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
	return eax;
}

/* A CPU may have AVX while the system does not save its registers across a context switch: XCR0
 * says, and may only be read when OSXSAVE is set. */
static unsigned detect(void)
{
	unsigned levels = 1u << CPU_C | 1u << CPU_SSE2;
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d))
		return levels;
	const unsigned need1 = LEAF1_ECX_FMA | LEAF1_ECX_OSXSAVE | LEAF1_ECX_AVX | LEAF1_ECX_F16C;
	if ((c & need1) != need1)
		return levels;
	unsigned xcr0 = xcr0_low();
	if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
		return levels;
	if ((xcr0 & XCR0_YMM) != XCR0_YMM || !(b & LEAF7_EBX_AVX2))
		return levels;
	levels |= 1u << CPU_AVX2;
	const unsigned need512 = LEAF7_EBX_AVX512F | LEAF7_EBX_AVX512DQ | LEAF7_EBX_AVX512BW |
	                         LEAF7_EBX_AVX512VL;
	if ((xcr0 & XCR0_ZMM) == XCR0_ZMM && (b & need512) == need512)
		levels |= 1u << CPU_AVX512;
	return levels;
}

/* Vendor and family as Intel SDM vol. 2A and AMD APM vol. 3 have them. */
static enum cpu_level detect_fastest(unsigned levels)
{
	unsigned a, words[3] = {0}; /* in the order of the name's letters */
	char vendor[13] = "";
	if (!__get_cpuid(0, &a, &words[0], &words[2], &words[1]))
		return cpu_fastest(levels, "", 0);
	memcpy(vendor, words, sizeof words);
	if (!__get_cpuid(1, &a, &words[0], &words[2], &words[1]))
		return cpu_fastest(levels, vendor, 0);
	const unsigned base = a >> 8 & 15;
	return cpu_fastest(levels, vendor, base == 15 ? base + (a >> 20 & 255) : base);
}

#elif defined(__aarch64__)

static unsigned detect(void)
{
	return 1u << CPU_C | 1u << CPU_NEON; /* Advanced SIMD is part of the AArch64 Linux ABI */
}

#else

static unsigned detect(void)
{
	return 1u << CPU_C;
}

#endif

#if !defined(__x86_64__)
static enum cpu_level detect_fastest(unsigned levels)
{
	return cpu_fastest(levels, "", 0);
}
#endif

static unsigned levels_here(void)
{
	static unsigned levels; /* a race writes the same value twice */
	if (levels == 0)
		levels = detect();
	return levels;
}

int cpu_has(enum cpu_level level)
{
	return levels_here() >> level & 1;
}

enum cpu_level cpu_fastest(unsigned levels, const char *vendor, unsigned family)
{
	/* AMD's family 19h with AVX-512 is Zen 4, which makes two halves of every 512-bit
	 * operation: the peak is AVX2's, and what AVX-512 has to shuffle for its wider registers
	 * comes on top (src/kernels/README.md has the figures). Zen 5 is family 1Ah. */
	if (strcmp(vendor, "AuthenticAMD") == 0 && family == 0x19)
		levels &= ~(1u << CPU_AVX512);
	int best = LEVELS - 1;
	while (best > CPU_C && !(levels >> best & 1))
		best--;
	return (enum cpu_level)best;
}

static int cap_of_environment(void)
{
	static bool warned;
	const char *word = getenv("UNKNOT_CPU");
	if (word == NULL || *word == '\0')
		return -1;
	int level = level_of_name(word);
	if (level < 0 && !warned) {
		warned = true;
		log_warning("UNKNOT_CPU: unknown level \"%s\" ignored; "
		            "use c, sse2, avx2, avx512 or neon", word);
	}
	return level;
}

int cpu_cap(const char *name)
{
	int level = level_of_name(name);
	if (level < 0)
		return 0;
	cap_set_by_caller = level;
	return 1;
}

enum cpu_level cpu_level(void)
{
	static int environment = LEVELS; /* not asked yet */
	if (environment == LEVELS)
		environment = cap_of_environment();
	int cap = cap_set_by_caller >= 0 ? cap_set_by_caller : environment;
	if (cap < 0)
		return detect_fastest(levels_here());
	/* Levels are ordered within an architecture; NEON as a cap elsewhere leaves plain C. */
	if (cap == CPU_NEON && !cpu_has(CPU_NEON))
		return CPU_C;
	for (int level = cap; level > CPU_C; level--)
		if (cpu_has(level))
			return level;
	return CPU_C;
}
