/* How long each of many requests took, and what to say about all of them. */
#ifndef LATCHKEY_BENCH_LATENCY_H
#define LATCHKEY_BENCH_LATENCY_H

#include <stddef.h>
#include <stdint.h>

struct latency {
	uint32_t *list;
	size_t count;
	size_t cap;
	/* Also those before the clock counted, which took their share of it. */
	size_t all;
};

/* Remember one; ends the program where there is no memory. */
void latency_add(struct latency *latency, int64_t us);
/* Move what other has remembered to latency. */
void latency_take(struct latency *latency, struct latency *other);

/* One that is not counted: it warmed up. */
void latency_skip(struct latency *latency);

/*
 * One JSON object on standard output: count, rate and percentiles of what took
 * us microseconds together, and the processor time of this program.
 */
void latency_print(struct latency *latency, int64_t us);

#endif
