/* The packed model file under damage: every case must end in one readable line or in a network that
 * stays inside its memory (the sanitizers watch). */
#include "base/paths.h"
#include "base/sha256.h"
#include "net/format.h"
#include "net/net.h"
#include "tiny_model.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static uint8_t whole[TINY_ROOM], damaged[TINY_ROOM];
static size_t size, tables_end;
static int fd;
static char path[64];

static int begin(void **state)
{
	(void)state;
	size = tiny_model(whole, &tables_end);
	fd = memfd_create("model", MFD_CLOEXEC);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return fd < 0;
}

static int end(void **state)
{
	(void)state;
	return close(fd);
}

static struct model_file *open_bytes(const uint8_t *bytes, size_t count, struct error *error)
{
	assert_int_equal(ftruncate(fd, (off_t)count), 0);
	assert_int_equal(pwrite(fd, bytes, count, 0), (ssize_t)count);
	*error = (struct error){0};
	return model_file_open(path, error);
}

static void assert_refused(const uint8_t *bytes, size_t count, const char *words)
{
	struct error error;
	struct model_file *file = open_bytes(bytes, count, &error);
	if (file != NULL)
		fail_msg("accepted; expected: %s", words);
	if (strstr(error.text, path) != error.text || strstr(error.text, words) == NULL)
		fail_msg("message \"%s\" does not say \"%s\"", error.text, words);
}

/* Opens, makes and runs every network that lets itself be made. Returns how many ran. */
static int survive(const uint8_t *bytes, size_t count)
{
	struct error error;
	int ran = 0;
	struct model_file *file = open_bytes(bytes, count, &error);
	if (file == NULL) {
		assert_true(error.text[0] != '\0');
		return 0;
	}
	for (int id = 0; id < NET_COUNT; id++) {
		struct net *net = net_create(file, (enum net_id)id, &error);
		if (net == NULL) {
			assert_true(error.text[0] != '\0');
			continue;
		}
		const uint32_t side = net_input_side(net);
		for (uint32_t y = 0; y < side; y++)
			for (uint32_t x = 0; x < 3 * side; x++)
				net_input(net)[y * net_input_stride(net) + x] = 0.5f;
		net_run(net);
		net_free(net);
		ran++;
	}
	model_file_close(file);
	return ran;
}

static void test_whole(void **state)
{
	(void)state;
	assert_int_equal(survive(whole, size), 2);
}

static void test_installed(void **state)
{
	struct error error;
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];
	size_t bytes;
	(void)state;
	struct model_file *file = model_file_open(NULL, &error);
	if (file == NULL)
		fail_msg("%s", error.text);
	char *data = path_read_file(getenv("UNKNOT_MODEL"), 64 << 20, &bytes, &error);
	assert_non_null(data);
	sha256(data + sizeof(struct model_header), bytes - sizeof(struct model_header), digest);
	sha256_hex(digest, hex);
	assert_string_equal(model_file_hash(file), hex);
	free(data);
	model_file_close(file);
}

static void test_not_a_model(void **state)
{
	struct error error;
	(void)state;
	assert_refused(whole, 0, "not an unknot model file");
	assert_refused(whole, sizeof(struct model_header) - 1, "not an unknot model file");
	memset(damaged, 'x', sizeof damaged);
	assert_refused(damaged, sizeof damaged, "not an unknot model file");
	memset(damaged, 0, sizeof damaged);
	assert_refused(damaged, sizeof damaged, "not an unknot model file");
	assert_null(model_file_open("/nonexistent/unknot.model", &error));
	assert_non_null(strstr(error.text, "/nonexistent/unknot.model"));
	assert_null(model_file_open("/", &error));
	assert_null(model_file_open("/dev/null", &error));
}

static void test_truncated(void **state)
{
	(void)state;
	for (size_t n = sizeof(struct model_header); n < size; n++)
		assert_refused(whole, n, "truncated");
	memcpy(damaged, whole, sizeof whole);
	assert_refused(damaged, size + 1, "truncated");
}

static void test_truncated_and_sealed(void **state)
{
	(void)state;
	for (size_t n = sizeof(struct model_header); n < size; n += n < tables_end ? 1 : 97) {
		memcpy(damaged, whole, n);
		tiny_model_seal(damaged, n);
		survive(damaged, n);
	}
}

static void test_other_version(void **state)
{
	(void)state;
	struct model_header header;
	memcpy(damaged, whole, size);
	memcpy(&header, damaged, sizeof header);
	header.version++;
	memcpy(damaged, &header, sizeof header);
	assert_refused(damaged, size, "version");
}

/* Every single bit outside the digest, which only names the content. */
static void test_bit_flips(void **state)
{
	(void)state;
	struct error error;
	const size_t digest = offsetof(struct model_header, sha256);
	memcpy(damaged, whole, size);
	for (size_t bit = 0; bit < size * 8; bit += bit < tables_end * 8 ? 1 : 13) {
		if (bit / 8 >= digest && bit / 8 < digest + SHA256_SIZE)
			continue;
		damaged[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (open_bytes(damaged, size, &error) != NULL)
			fail_msg("bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
		damaged[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

/* Every third bit, all of them in turn, with the checksum made right: now the tables are read. */
static void test_sealed_bit_flips(void **state)
{
	(void)state;
	int ran = 0;
	for (size_t bit = sizeof(struct model_header) * 8; bit < tables_end * 8; bit += 3) {
		memcpy(damaged, whole, size);
		damaged[bit / 8] ^= (uint8_t)(1u << bit % 8);
		tiny_model_seal(damaged, size);
		ran += survive(damaged, size);
	}
	printf("%d networks ran with a flipped bit\n", ran);
	assert_true(ran > 0);
}

/* Every field of every table takes values that overflow, or that are almost right. */
static void test_hostile_fields(void **state)
{
	static const uint32_t values[] = {0, 1, 2, 5, 8, 16, 17, 512, 4096, 65536, 0x40000000, 0x7fffffff,
	                                  0x80000000, 0xfffffffc, 0xffffffff};
	(void)state;
	for (size_t at = 12; at < tables_end; at += 4)
		for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
			memcpy(damaged, whole, size);
			memcpy(damaged + at, &values[i], 4);
			if (at >= sizeof(struct model_header))
				tiny_model_seal(damaged, size);
			survive(damaged, size);
		}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Up to four fields at once take small numbers or those of other fields: what a fuzzer would find. */
static void test_random_fields(void **state)
{
	const char *given = getenv("UNKNOT_SEED");
	uint32_t seed = given != NULL ? (uint32_t)strtoul(given, NULL, 0) : 20260;
	int ran = 0;
	const size_t first = sizeof(struct model_header) / 4, words = tables_end / 4 - first;
	(void)state;
	printf("seed %u\n", seed);
	for (int round = 0; round < 8000; round++) {
		memcpy(damaged, whole, size);
		for (uint32_t n = next_random(&seed) % 4 + 1; n > 0; n--) {
			uint32_t value = next_random(&seed) % 48;
			size_t to = (first + next_random(&seed) % words) * 4;
			if (next_random(&seed) % 2 == 0)
				memcpy(&value, whole + (first + next_random(&seed) % words) * 4, 4);
			memcpy(damaged + to, &value, 4);
		}
		tiny_model_seal(damaged, size);
		ran += survive(damaged, size);
	}
	printf("%d networks ran after random changes\n", ran);
	assert_true(ran > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_installed),
		cmocka_unit_test(test_not_a_model),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_truncated_and_sealed),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_sealed_bit_flips),
		cmocka_unit_test(test_hostile_fields),
		cmocka_unit_test(test_random_fields),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
