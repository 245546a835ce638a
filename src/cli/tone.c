#include "cli/tone.h"

#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { RATE = 22050, NOTE = RATE * 12 / 100, NOTES_MAX = 3, HEADER = 44 };

/* In Hz: up for what goes well, down for what was lost. */
static const double notes[][NOTES_MAX] = {
	[TONE_BEGIN] = {660}, [TONE_HOLD] = {660, 880}, [TONE_LOST] = {660, 440},
	[TONE_DONE] = {660, 880, 1320},
};

static void put(unsigned char *at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (unsigned char)(value >> 8 * i);
}

/* 16 bits, one channel. */
static void put_header(unsigned char *wav, uint32_t bytes)
{
	memcpy(wav, "RIFF....WAVEfmt ", 16);
	put(wav + 4, HEADER - 8 + bytes, 4);
	put(wav + 16, 16, 4);
	put(wav + 20, 1, 2);
	put(wav + 22, 1, 2);
	put(wav + 24, RATE, 4);
	put(wav + 28, 2 * RATE, 4);
	put(wav + 32, 2, 2);
	put(wav + 34, 16, 2);
	memcpy(wav + 36, "data", 4);
	put(wav + 40, bytes, 4);
}

int tone_wav(enum tone tone)
{
	const double loud = 0.25 * INT16_MAX, two_pi = 6.283185307179586;
	unsigned char wav[HEADER + 2 * NOTE * NOTES_MAX];
	int count = 0;
	for (int n = 0; n < NOTES_MAX && notes[tone][n] > 0; n++)
		for (int i = 0; i < NOTE; i++, count++) {
			/* Swells and fades: an edge would click. */
			const double swell = sin(two_pi / 2 * i / NOTE);
			const double value = loud * swell * sin(two_pi * notes[tone][n] * i / RATE);
			put(wav + HEADER + 2 * count, (uint32_t)(int32_t)lround(value), 2);
		}
	put_header(wav, 2 * (uint32_t)count);
	const int fd = memfd_create("unknot tone", MFD_CLOEXEC);
	const ssize_t size = HEADER + 2 * (ssize_t)count;
	if (fd >= 0 && write(fd, wav, (size_t)size) != size) {
		close(fd);
		return -1;
	}
	return fd;
}

/* They are all content with a file's name; the file is theirs alone, however late they come to
 * it. */
static bool start_player(int wav)
{
	static const char *const players[] = {"pw-play", "paplay", "aplay"};
	enum { THEIRS = 3 };
	char file[] = "/dev/fd/3";
	posix_spawn_file_actions_t actions;
	bool started = false;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	posix_spawn_file_actions_adddup2(&actions, wav, THEIRS);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
	for (size_t i = 0; !started && i < sizeof players / sizeof *players; i++) {
		char player[16];
		pid_t pid;
		snprintf(player, sizeof player, "%s", players[i]);
		started = posix_spawnp(&pid, player, &actions, NULL, (char *[]){player, file, NULL},
		                       environ) == 0;
	}
	posix_spawn_file_actions_destroy(&actions);
	return started;
}

bool tone_play(enum tone tone)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue; /* players that have ended */
	const int wav = tone_wav(tone);
	const bool started = wav >= 0 && start_player(wav);
	if (wav >= 0)
		close(wav);
	return started;
}
