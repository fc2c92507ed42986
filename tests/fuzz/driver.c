/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives a fuzz target without libFuzzer: mutates seeds for some seconds; takes libFuzzer's own words.
 *
 * Usage: TARGET [-max_total_time=SECONDS] [-runs=N] [-seed=N] [FILE|DIRECTORY …]
 * Each file is one input; of a file called *.txt each line of hexadecimal octets alone is one. With neither time nor
 * runs given every input is tried once as it is. An input that kills the target is left in ./crash-TARGET. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/stat.h>

#define INPUT_MAX 4096
#define SEEDS_MAX 1024

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static struct seed {
	uint8_t *data;
	size_t len;
} seeds[SEEDS_MAX];
static size_t n_seeds;

static uint64_t random_state = 88172645463325252ull;
static char crash_name[64];
static const uint8_t *current;
static size_t current_len;

/* xorshift64 */
static uint32_t random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 32) % limit;
}

/* ---- An input that kills is kept ---- */

static void keep_input(void)
{
	int fd = open(crash_name, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (fd < 0 || write(fd, current, current_len) < 0)
		return;
	close(fd);
}

static void on_signal(int sig)
{
	keep_input();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void catch_death(const char *argv0)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL };
	const char *base = strrchr(argv0, '/');

	snprintf(crash_name, sizeof(crash_name), "crash-%s", base ? base + 1 : argv0);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], on_signal);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_input);
}

/* ---- Seeds ---- */

static void add_seed(const uint8_t *data, size_t len)
{
	if (n_seeds == SEEDS_MAX)
		return;
	seeds[n_seeds].data = malloc(len + 1);
	memcpy(seeds[n_seeds].data, data, len);
	seeds[n_seeds++].len = len;
}

static void add_hex_line(const char *line)
{
	size_t len = strspn(line, "0123456789abcdefABCDEF");
	uint8_t data[INPUT_MAX];

	if (len == 0 || len % 2 || len / 2 > sizeof(data) || !strchr("\r\n", line[len]))
		return;
	for (size_t i = 0; i < len / 2; i++) {
		char octet[3] = { line[2 * i], line[2 * i + 1] };
		data[i] = strtoul(octet, NULL, 16);
	}
	add_seed(data, len / 2);
}

static void add_file(const char *path)
{
	const char *suffix = strrchr(path, '.');
	FILE *file = fopen(path, "rb");
	uint8_t data[INPUT_MAX];

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(2);
	}
	if (suffix && strcmp(suffix, ".txt") == 0) {
		while (fgets((char *)data, sizeof(data), file))
			add_hex_line((char *)data);
	} else {
		add_seed(data, fread(data, 1, sizeof(data), file));
	}
	fclose(file);
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void add_path(const char *path)
{
	struct dirent **entries;
	struct stat st;
	int n;

	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode)) {
		add_file(path);
		return;
	}
	n = scandir(path, &entries, is_visible, alphasort);
	for (int i = 0; i < n; i++) {
		char name[4096];

		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (stat(name, &st) == 0 && S_ISREG(st.st_mode))
			add_file(name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* ---- Mutations ---- */

static size_t flip_bit(uint8_t *data, size_t len)
{
	if (len)
		data[random_below(len)] ^= 1 << random_below(8);
	return len;
}

static size_t set_octet(uint8_t *data, size_t len)
{
	static const uint8_t interesting[] = { 0, 1, 2, 0x7f, 0x80, 0xfe, 0xff, ' ', '\r', '\n', '"', '<', ';', ':' };

	if (len)
		data[random_below(len)] = random_below(2) ? random_below(256)
							  : interesting[random_below(sizeof(interesting))];
	return len;
}

static size_t cut(uint8_t *data, size_t len)
{
	return len ? random_below(len) : 0;
}

static size_t erase(uint8_t *data, size_t len)
{
	size_t at, n;

	if (len < 2)
		return len;
	at = random_below(len - 1);
	n = 1 + random_below(len - at - 1 < 16 ? len - at - 1 : 16);
	memmove(data + at, data + at + n, len - at - n);
	return len - n;
}

static size_t insert(uint8_t *data, size_t len)
{
	size_t n = 1 + random_below(16), at = random_below(len + 1);

	if (len + n > INPUT_MAX)
		return len;
	memmove(data + at + n, data + at, len - at);
	for (size_t i = 0; i < n; i++)
		data[at + i] = random_below(256);
	return len + n;
}

/* Puts a piece of a seed somewhere. */
static size_t splice(uint8_t *data, size_t len)
{
	const struct seed *from = &seeds[random_below(n_seeds)];
	size_t at = random_below(len + 1), start, n;

	if (!from->len)
		return len;
	start = random_below(from->len);
	n = 1 + random_below(from->len - start);
	if (len + n > INPUT_MAX)
		return len;
	memmove(data + at + n, data + at, len - at);
	memcpy(data + at, from->data + start, n);
	return len + n;
}

static size_t mutate(uint8_t *data, size_t len)
{
	static size_t (*const mutations[])(uint8_t *data, size_t len) = {
		flip_bit, flip_bit, set_octet, set_octet, set_octet, cut, erase, insert, splice, splice,
	};

	for (unsigned int n = 1 + random_below(4); n > 0; n--)
		len = mutations[random_below(sizeof(mutations) / sizeof(mutations[0]))](data, len);
	return len;
}

/* ---- Runs ---- */

/* The target sees a buffer of exactly this size, so a sanitizer sees what it reads beyond. */
static void run(const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	memcpy(exact, data, len);
	current = exact;
	current_len = len;
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	current_len = 0;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static unsigned long run_mutated(double seconds, unsigned long runs)
{
	double end = now() + seconds;
	uint8_t data[INPUT_MAX];
	unsigned long n;

	for (n = 0; (!runs || n < runs) && (seconds <= 0 || n % 256 || now() < end); n++) {
		const struct seed *seed = &seeds[random_below(n_seeds)];

		memcpy(data, seed->data, seed->len);
		run(data, mutate(data, seed->len));
	}
	return n;
}

static bool number_option(const char *arg, const char *name, double *value)
{
	size_t len = strlen(name);

	if (strncmp(arg, name, len) != 0)
		return false;
	*value = strtod(arg + len, NULL);
	return true;
}

int main(int argc, char **argv)
{
	double seconds = 0, runs = 0, seed = 1;

	catch_death(argv[0]);
	for (int i = 1; i < argc; i++) {
		if (!number_option(argv[i], "-max_total_time=", &seconds) && !number_option(argv[i], "-runs=", &runs) &&
		    !number_option(argv[i], "-seed=", &seed))
			add_path(argv[i]);
	}
	random_state ^= (uint64_t)seed << 32;
	if (!n_seeds)
		add_seed((const uint8_t *)"", 0);
	for (size_t i = 0; i < n_seeds; i++)
		run(seeds[i].data, seeds[i].len);
	printf("%zu seeds, %lu mutated inputs\n", n_seeds,
	       seconds > 0 || runs > 0 ? run_mutated(seconds, runs) : 0);
	for (size_t i = 0; i < n_seeds; i++)
		free(seeds[i].data);
	return 0;
}
