/* How long each of many requests took, and what to say about all of them. */
#ifndef LATCHKEY_BENCH_LATENCY_H
#define LATCHKEY_BENCH_LATENCY_H

#include <stddef.h>
#include <stdint.h>

struct latency {
	uint32_t *list;
	size_t count;
	size_t cap;
};

/* Remember one; ends the program where there is no memory. */
void latency_add(struct latency *latency, int64_t us);
/* Move what other has remembered to latency. */
void latency_take(struct latency *latency, struct latency *other);

/*
 * One JSON object on standard output: count, rate and percentiles of what took
 * us microseconds together.
 */
void latency_print(struct latency *latency, int64_t us);

#endif
