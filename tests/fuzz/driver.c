/* fuzz_NAME CORPUS [SECONDS [SEED]]: runs the target on every file of a folder and then, for so
 * many seconds, on damaged copies of them. Blind where libFuzzer sees what code it reaches, but any
 * compiler will do. On a crash the input lies in ./crash-NAME. */
#include "fuzz.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 256, ROOM = 1 << 17, DAMAGES = 8 };

/* A hang is a crash too: so many seconds of the processor's time for one input, or, where it waits
 * for something that does not come, of anybody's. */
enum { BUSY_S = 20, WAITING_S = 200 };

static struct seed {
	uint8_t *data;
	size_t size;
} seeds[FILES];
static int seed_count;
static uint8_t input[ROOM];
static size_t input_size;
static const char *program;

static uint64_t state;

static uint32_t below(uint32_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dull >> 32) * n >> 32);
}

/* The first words of the sanitizers' report are out; the input follows. */
static void on_crash(int number)
{
	const char *slash = strrchr(program, '/');
	char path[256];
	snprintf(path, sizeof path, "crash-%s", slash != NULL ? slash + 1 : program);
	FILE *file = fopen(path, "wb");
	if (file != NULL) {
		fwrite(input, 1, input_size, file);
		fclose(file);
		fprintf(stderr, "%s: signal %d; the input is in %s\n", program, number, path);
	}
	signal(number, SIG_DFL);
	raise(number);
}

static void read_seeds(const char *folder)
{
	DIR *d = opendir(folder);
	for (struct dirent *e; d != NULL && seed_count < FILES && (e = readdir(d)) != NULL;) {
		char path[4096];
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		FILE *file = e->d_name[0] != '.' ? fopen(path, "rb") : NULL;
		if (file == NULL)
			continue;
		struct seed *s = &seeds[seed_count++];
		s->data = malloc(ROOM);
		s->size = s->data != NULL ? fread(s->data, 1, ROOM, file) : 0;
		fclose(file);
	}
	if (d != NULL)
		closedir(d);
}

static void damage(void)
{
	static const uint32_t numbers[] = {0, 1, 0x7f, 0x80, 0xff, 0x7fff,
	                                   0xffff, 0x7fffffff, 0x80000000,
	                                   0xffffffff, 0x7f800000, 0x7fc00000};
	const uint32_t at = input_size != 0 ? below((uint32_t)input_size) : 0;
	const uint32_t left = (uint32_t)input_size - at,
	               run = left != 0 ? 1 + below(left < 64 ? left : 64) : 0;
	switch (below(6)) {
	case 0:
		if (left != 0)
			input[at] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		if (left != 0)
			input[at] = (uint8_t)below(256);
		break;
	case 2:
		if (left >= 4)
			memcpy(input + at, &numbers[below(sizeof numbers / sizeof *numbers)], 4);
		break;
	case 3: /* cut a piece out */
		memmove(input + at, input + at + run, left - run);
		input_size -= run;
		break;
	case 4: /* repeat a piece */
		if (input_size + run <= ROOM) {
			memmove(input + at + run, input + at, left);
			input_size += run;
		}
		break;
	default: /* the end is missing */
		if (below(8) == 0)
			input_size = at;
		break;
	}
}

static void run(const uint8_t *data, size_t size)
{
	memmove(input, data, size);
	input_size = size;
	LLVMFuzzerTestOneInput(input, input_size);
}

static void set_limits(long busy_s, unsigned waiting_s)
{
	const struct itimerval busy = {.it_value = {.tv_sec = busy_s}};
	setitimer(ITIMER_PROF, &busy, NULL);
	alarm(waiting_s);
}

int main(int argc, char **argv)
{
	const char *asked = getenv("UNKNOT_FUZZ_SECONDS");
	program = argv[0];
	const double seconds = argc > 2 ? atof(argv[2]) : asked != NULL ? atof(asked) : 1;
	state = argc > 3 ? strtoull(argv[3], NULL, 0) : (uint64_t)time(NULL) * 2654435761u + 1;
	if (argc < 2) {
		fprintf(stderr, "usage: %s CORPUS [SECONDS [SEED]]\n", program);
		return 2;
	}
	read_seeds(argv[1]);
	if (seed_count == 0) {
		fprintf(stderr, "%s: %s: no corpus\n", program, argv[1]);
		return 1;
	}
	const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGALRM, SIGPROF};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], on_crash);
	printf("seed %#llx\n", (unsigned long long)state);
	fflush(stdout);
	for (int i = 0; i < seed_count; i++)
		run(seeds[i].data, seeds[i].size);
	run((const uint8_t *)"", 0);
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	const double begin = (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
	long runs = 0;
	for (double now = begin; now - begin < seconds; runs++) {
		const struct seed *s = &seeds[below((uint32_t)seed_count)];
		memcpy(input, s->data, s->size);
		input_size = s->size;
		for (uint32_t k = 1 + below(DAMAGES); k != 0; k--)
			damage();
		set_limits(BUSY_S, WAITING_S);
		LLVMFuzzerTestOneInput(input, input_size);
		clock_gettime(CLOCK_MONOTONIC, &t);
		now = (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
	}
	set_limits(0, 0);
	for (int i = 0; i < seed_count; i++)
		free(seeds[i].data);
	printf("%d of the corpus, %ld damaged\n", seed_count, runs);
	return 0;
}
