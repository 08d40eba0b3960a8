/* Waiting by the monotonic clock. */
#include "base/cond.h"

#include <errno.h>
#include <time.h>

enum { MS_PER_S = 1000, NS_PER_MS = 1000000 };

void
cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
}

static struct timespec
time_of(int64_t mono_ms)
{
	return (struct timespec){
		.tv_sec = mono_ms / MS_PER_S,
		.tv_nsec = mono_ms % MS_PER_S * NS_PER_MS,
	};
}

bool
cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t until_ms)
{
	const struct timespec until = time_of(until_ms);

	return pthread_cond_timedwait(cond, mutex, &until) == 0;
}

bool
cond_sem_wait(sem_t *sem, int64_t until_ms)
{
	const struct timespec until = time_of(until_ms);
	int rc;

	do
		rc = sem_clockwait(sem, CLOCK_MONOTONIC, &until);
	while (rc != 0 && errno == EINTR);
	return rc == 0;
}
