#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

enum { WIDTH = 640, HEIGHT = 480 };

static uint32_t roll(struct scene *s)
{
	s->dice ^= s->dice << 13;
	s->dice ^= s->dice >> 17;
	s->dice ^= s->dice << 5;
	return s->dice;
}

static void *read_all(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	long length = -1;
	if (f != NULL && fseek(f, 0, SEEK_END) == 0)
		length = ftell(f);
	void *data = length > 0 ? malloc((size_t)length) : NULL;
	if (data != NULL) {
		rewind(f);
		*size = fread(data, 1, (size_t)length, f);
	}
	if (f != NULL)
		fclose(f);
	return data;
}

static void add(struct scene *s, enum scene_kind kind, const uint8_t *data, size_t size)
{
	if (s->count[kind] < SCENE_PICTURES)
		s->list[kind][s->count[kind]++] = (struct picture){data, size};
}

/* Which of the clip's 48 frames are upright and which are slouched: tests/data/clip/truth.tsv. The
 * way down and up is left out. */
static void sort_clip(struct scene *s, size_t size)
{
	const uint8_t *data = s->clip, *start = NULL;
	int frame = 0;
	for (size_t i = 0; i + 1 < size; i++) {
		if (data[i] != 0xff)
			continue;
		if (data[i + 1] == 0xd8) {
			start = data + i;
		} else if (data[i + 1] == 0xd9 && start != NULL) {
			if (frame < 6)
				add(s, SCENE_UPRIGHT, start, (size_t)(data + i + 2 - start));
			else if (frame >= 30 && frame < 38)
				add(s, SCENE_SLOUCHED, start, (size_t)(data + i + 2 - start));
			frame++;
		}
	}
}

/* A wall with a lamp's light on it, a shelf, and a camera's noise. */
static void add_room(struct scene *s, unsigned char **room)
{
	static uint8_t grey[HEIGHT][WIDTH];
	unsigned long size = 0;
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			int light = 90 + x / 8 - y / 10;
			if (y > 300 && y < 320)
				light -= 50;
			if (x % 160 > 140 && y > 320)
				light += 30;
			grey[y][x] = (uint8_t)(light + (int)(roll(s) >> 16) % 9 - 4);
		}
	tjhandle tj = tjInitCompress();
	tjCompress2(tj, grey[0], WIDTH, WIDTH, HEIGHT, TJPF_GRAY, room, &size, TJSAMP_GRAY, 85, 0);
	tjDestroy(tj);
	add(s, SCENE_ROOM, *room, size);
}

int scene_load(struct scene *s, const char *clip_path)
{
	size_t size = 0;
	memset(s, 0, sizeof *s);
	s->dice = 2463534242;
	s->clip = read_all(clip_path, &size);
	if (s->clip != NULL)
		sort_clip(s, size);
	for (int i = 0; i < SCENE_ROOMS; i++)
		add_room(s, &s->rooms[i]);
	memset(s->last, -1, sizeof s->last);
	return s->count[SCENE_UPRIGHT] > 2 && s->count[SCENE_SLOUCHED] > 2 ? 0 : -1;
}

void scene_free(struct scene *s)
{
	free(s->clip);
	for (int i = 0; i < SCENE_ROOMS; i++)
		tjFree(s->rooms[i]);
}

const struct picture *scene_next(struct scene *s, enum scene_kind kind)
{
	int *last = s->last[kind], now;
	do
		now = (int)((roll(s) >> 8) % (uint32_t)s->count[kind]);
	while (now == last[0] || now == last[1]);
	last[1] = last[0];
	last[0] = now;
	return &s->list[kind][now];
}
