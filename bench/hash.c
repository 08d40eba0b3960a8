/*
 * The ceiling of login and register: argon2id on all processors.
 *
 * usage: hash MEMORY-KIB PASSES MILLISECONDS bare|kept
 *
 * bare: as libsodium does it, memory anew for each; kept: as Latchkey does,
 * the memory of the one before.
 * Prints one JSON object (latency.h).
 */
#include "latency.h"
#include "tool.h"

#include "wrap/pwhash.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PROCESSORS_MAX = 256, KIB = 1024 };

struct worker {
	pthread_t thread;
	struct latency latency;
};

static struct pwhash_cost cost;
static int64_t until_us;
static bool is_bare;

static const char password[] = "correct horse battery staple";

static bool
hash_bare(char text_r[PWHASH_SIZE])
{
	return crypto_pwhash_str_alg(text_r, password, strlen(password),
	           (unsigned long long)cost.passes,
	           (size_t)cost.memory_kib * KIB,
	           crypto_pwhash_ALG_ARGON2ID13) == 0;
}

static bool
hash_kept(char text_r[PWHASH_SIZE])
{
	const struct secret secret = { (const unsigned char *)password,
		strlen(password) };

	return pwhash_make(secret, &cost, text_r) == 1;
}

static void *
run(void *worker_v)
{
	struct worker *worker = worker_v;
	char text[PWHASH_SIZE];
	int64_t began_us = tool_now_us();

	while (began_us < until_us) {
		const int64_t from_us = began_us;

		if (!(is_bare ? hash_bare(text) : hash_kept(text)))
			tool_fail("hash", "out of memory");
		began_us = tool_now_us();
		latency_add(&worker->latency, began_us - from_us);
	}
	return NULL;
}

int
main(int argc, char **argv)
{
	static struct worker workers[PROCESSORS_MAX];
	struct latency all = { .list = NULL };
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	const size_t count = processors < 1 ? 1 : (size_t)processors;
	const int64_t began_us = tool_now_us();

	if (argc != 5 ||
	    (strcmp(argv[4], "bare") != 0 && strcmp(argv[4], "kept") != 0) ||
	    count > PROCESSORS_MAX || pwhash_start() < 0) {
		fprintf(stderr,
		    "usage: hash MEMORY-KIB PASSES MILLISECONDS bare|kept\n");
		return EXIT_FAILURE;
	}
	cost.memory_kib = tool_number(argv[1], 1, INT32_MAX);
	cost.passes = tool_number(argv[2], 1, INT32_MAX);
	is_bare = strcmp(argv[4], "bare") == 0;
	until_us = began_us + tool_number(argv[3], 1, INT32_MAX) * US_PER_MS;
	for (size_t i = 0; i < count; i++)
		if (pthread_create(&workers[i].thread, NULL, run,
		        &workers[i]) != 0)
			return EXIT_FAILURE;
	for (size_t i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		latency_take(&all, &workers[i].latency);
	}
	/* Until the last of them was done, which is a little later. */
	latency_print(&all, tool_now_us() - began_us);
	return EXIT_SUCCESS;
}
