/* Conditions and semaphores that are awaited until a time of clock_mono_ms. */
#ifndef LATCHKEY_BASE_COND_H
#define LATCHKEY_BASE_COND_H

#include "base/attrs.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

/* Ended by pthread_cond_destroy. */
NONNULL void cond_init(pthread_cond_t *cond);

/*
 * With the mutex held.  Returns whether it may have come true; false once
 * until_ms (monotonic milliseconds) has passed.
 */
NONNULL bool
cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t until_ms);

/*
 * Returns whether it was posted; false once until_ms (monotonic milliseconds)
 * has passed.
 */
NONNULL bool cond_sem_wait(sem_t *sem, int64_t until_ms);

#endif
