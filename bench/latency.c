/* All of them are kept and sorted at the end: exact, and simple. */
#include "latency.h"

#include "tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { FIRST_CAP = 4096, PER_MILLE = 1000 };

static void
make_room(struct latency *latency, size_t more)
{
	const size_t need = latency->count + more;
	size_t cap = latency->cap == 0 ? FIRST_CAP : latency->cap;

	if (need <= latency->cap)
		return;
	while (cap < need)
		cap *= 2;
	latency->list = reallocarray(latency->list, cap, sizeof(uint32_t));
	if (latency->list == NULL)
		tool_fail("latency", "out of memory");
	latency->cap = cap;
}

void
latency_add(struct latency *latency, int64_t us)
{
	make_room(latency, 1);
	latency->all++;
	latency->list[latency->count++] =
	    us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

void
latency_skip(struct latency *latency)
{
	latency->all++;
}

void
latency_take(struct latency *latency, struct latency *other)
{
	if (other->count > 0) {
		make_room(latency, other->count);
		memcpy(latency->list + latency->count, other->list,
		    other->count * sizeof(uint32_t));
		latency->count += other->count;
	}
	latency->all += other->all;
	free(other->list);
	*other = (struct latency){ .list = NULL };
}

static int
compare(const void *a_v, const void *b_v)
{
	const uint32_t a = *(const uint32_t *)a_v;
	const uint32_t b = *(const uint32_t *)b_v;

	return (a > b) - (a < b);
}

static uint32_t
per_mille(const struct latency *latency, size_t share)
{
	if (latency->count == 0)
		return 0;
	return latency->list[(latency->count - 1) * share / PER_MILLE];
}

static int64_t
processor_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * US_PER_S +
	    usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

void
latency_print(struct latency *latency, int64_t us)
{
	const double seconds = (double)us / US_PER_S;

	if (latency->count > 0)
		qsort(latency->list, latency->count, sizeof(uint32_t), compare);
	printf(
	    "{\"count\":%zu,\"seconds\":%.3f,\"rate\":%.1f,"
	    "\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,"
	    "\"all\":%zu,\"cpu_us\":%" PRId64 "}\n",
	    latency->count, seconds, (double)latency->count / seconds,
	    per_mille(latency, PER_MILLE / 2), per_mille(latency, 990),
	    per_mille(latency, PER_MILLE), latency->all, processor_us());
	free(latency->list);
	*latency = (struct latency){ .list = NULL };
}
