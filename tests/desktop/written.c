/* written CLIP TRACE [FILE...]: what a program wrote, by strace -f -y -s BIG, held against the
 * pictures that it saw. Every run of 24 bytes that a picture has, as JPEG or decoded, would be
 * found: in what was handed to the kernel and in the FILEs, whole. Prints the bytes written by
 * name; exit status 1 when a picture was. */
#include "image/jpeg.h"
#include "base/paths.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Pieces of this length at multiples of STEP are remembered: any run of PIECE + STEP bytes holds
 * one. Plain areas look like anything; a piece must have several values. */
enum { PIECE = 16, STEP = 8, VALUES = 8, SLOTS = 1 << 23, NAMES = 64 };

static uint64_t *slots;
static long pieces, found;

static uint64_t hash_of(const uint8_t *p)
{
	uint64_t a, b;
	memcpy(&a, p, 8);
	memcpy(&b, p + 8, 8);
	a = (a ^ b >> 29) * 0x9e3779b97f4a7c15u;
	a = (a ^ a >> 32 ^ b) * 0xd6e8feb86659fd93u;
	return (a ^ a >> 32) | 1;
}

static bool has_values(const uint8_t *p)
{
	uint64_t seen[4] = {0};
	int count = 0;
	for (int i = 0; i < PIECE; i++) {
		count += (seen[p[i] / 64] >> p[i] % 64 & 1) == 0;
		seen[p[i] / 64] |= (uint64_t)1 << p[i] % 64;
	}
	return count >= VALUES;
}

static uint64_t *slot_of(uint64_t hash)
{
	size_t i = (size_t)(hash >> 8) % SLOTS;
	while (slots[i] != 0 && slots[i] != hash)
		i = (i + 1) % SLOTS;
	return &slots[i];
}

static void remember(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + PIECE <= size; i += STEP) {
		uint64_t *slot = slot_of(hash_of(data + i));
		if (*slot != 0 || !has_values(data + i))
			continue;
		*slot = hash_of(data + i);
		if (++pieces > SLOTS / 4 * 3)
			abort(); /* more pictures than there is room for */
	}
}

static void search(const char *name, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + PIECE <= size; i++)
		if (has_values(data + i) && *slot_of(hash_of(data + i)) != 0) {
			if (found++ < 5)
				printf("PIXELS in %s, byte %zu of %zu\n", name, i, size);
			i += PIECE;
		}
}

/* ---- the pictures ---- */

static void remember_plane(const struct frame *f, int plane, int width, int height)
{
	for (int y = 0; y < height; y++)
		remember(f->plane[plane] + (size_t)y * (size_t)f->stride[plane], (size_t)width);
}

/* Pictures end to end, none with another inside. */
static bool remember_clip(const char *path)
{
	struct error error;
	size_t size, end;
	uint8_t *data = (uint8_t *)path_read_file(path, 1 << 28, &size, &error);
	struct jpeg_decoder *decoder = jpeg_decoder_create(&error);
	int decoded = 0;
	if (data == NULL || decoder == NULL)
		return false;
	remember(data, size);
	for (size_t start = 0; start < size; start = end) {
		struct frame f = {0};
		const uint8_t *next = start + 3 < size
		                    ? memmem(data + start + 3, size - start - 3, "\xff\xd8\xff", 3)
		                    : NULL;
		end = next != NULL ? (size_t)(next - data) : size;
		if (!jpeg_decode(decoder, data + start, end - start, 0, &f, &error))
			continue;
		decoded++;
		remember_plane(&f, 0, f.width, f.height);
		for (int plane = 1; f.format == PIXEL_YUV420 && plane < 3; plane++)
			remember_plane(&f, plane, f.width / 2, f.height / 2);
	}
	jpeg_decoder_free(decoder);
	free(data);
	return decoded > 0;
}

/* ---- what was written ---- */

static struct {
	char name[128];
	long bytes;
} written[NAMES];

static void count(const char *name, long bytes)
{
	int i = 0;
	while (i < NAMES - 1 && *written[i].name != '\0' && strcmp(written[i].name, name) != 0)
		i++;
	snprintf(written[i].name, sizeof written[i].name, "%s", name);
	written[i].bytes += bytes;
}

/* strace's escapes are C's: a letter, or an octal number of as few digits as will do. Returns what
 * is behind. */
static const char *unescape(const char *p, uint8_t *byte)
{
	static const char letters[] = "tnvfr", values[] = "\t\n\v\f\r";
	const char *letter = *p != '\0' ? strchr(letters, *p) : NULL;
	int value = 0, digits = 0;
	for (; digits < 3 && p[digits] >= '0' && p[digits] <= '7'; digits++)
		value = value * 8 + p[digits] - '0';
	*byte = (uint8_t)(digits > 0 ? value : letter != NULL ? values[letter - letters] : *p);
	return p + (digits > 0 ? digits : *p != '\0');
}

/* Every string of a line, as its bytes, one behind the other: the parts of a writev are one. */
static size_t take_strings(const char *line, uint8_t *bytes)
{
	size_t n = 0;
	bool inside = false;
	for (const char *p = line; *p != '\0';)
		if (*p == '"') {
			inside = !inside;
			p++;
		} else if (inside && *p == '\\') {
			p = unescape(p + 1, &bytes[n++]);
		} else {
			if (inside)
				bytes[n++] = (uint8_t)*p;
			p++;
		}
	return n;
}

/* "123 pwrite64(7</path/name>, "\x..."..., 4096, 0) = 4096": the name is the last of the path, and
 * "report" for those that are written under another name first. */
static bool read_trace(const char *path)
{
	char *line = NULL;
	size_t room = 0;
	long lines = 0;
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return false;
	for (; getline(&line, &room, file) > 0; lines++) {
		char where[512] = "?", name[128];
		const char *paren = strchr(line, '('), *result = strrchr(line, '=');
		if (strstr(line, "write") == NULL || paren == NULL || result == NULL ||
		    sscanf(paren, "(%*d<%511[^>]", where) != 1)
			continue;
		const char *slash = strrchr(where, '/');
		snprintf(name, sizeof name, "%.100s", strncmp(where, "/", 1) == 0 && slash != NULL
		         ? strstr(where, "/reports/") != NULL ? "reports"
		                                              : slash + 1 : strtok(where, ":"));
		if (strstr(line, "\"...") != NULL) {
			printf("a string was cut by strace: %.80s\n", line);
			found++;
		}
		uint8_t *bytes = malloc(room);
		if (bytes == NULL)
			abort();
		search(name, bytes, take_strings(line, bytes));
		free(bytes);
		count(name, atol(result + 1) > 0 ? atol(result + 1) : 0);
	}
	free(line);
	fclose(file);
	return lines > 0;
}

int main(int argc, char **argv)
{
	slots = calloc(SLOTS, sizeof *slots);
	if (argc < 3 || slots == NULL || !remember_clip(argv[1]) || !read_trace(argv[2])) {
		fputs("usage: written CLIP TRACE [FILE...]\n", stderr);
		return 2;
	}
	for (int i = 3; i < argc; i++) {
		struct error error;
		size_t size;
		char *data = path_read_file(argv[i], 1 << 28, &size, &error);
		if (data == NULL) {
			fprintf(stderr, "written: %s\n", error.text);
			return 2;
		}
		search(argv[i], (const uint8_t *)data, size);
		free(data);
	}
	for (int i = 0; i < NAMES && *written[i].name != '\0'; i++)
		printf("wrote %ld %s\n", written[i].bytes, written[i].name);
	printf("%ld pieces of pictures looked for, %ld found\n", pieces, found);
	free(slots);
	return found != 0;
}
