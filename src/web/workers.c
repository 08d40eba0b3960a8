/* The threads of a process. */
#include "web/workers.h"

#include "base/clock.h"
#include "base/cond.h"
#include "base/log.h"
#include "wrap/fcgi.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

enum {
	/* Deep enough for the crypto, small enough for a hundred threads. */
	STACK_SIZE = 512 * 1024,
	/* A wake-up signal can come just before the wait: repeat it. */
	WAKE_EVERY_MS = 20,
	/* Beyond the deadline of the last request. */
	PATIENCE_MS = 1000,
	MOST_THREADS = 2048,
	/* Memory is given back when for so long nothing was asked and no thread
	 * has ended. */
	QUIET_S = 10,
	/* Bytes; what glibc begins with. */
	MMAP_THRESHOLD = 128 * 1024,
};

struct worker {
	pthread_t thread;
	/* What it runs in place of the plan's; NULL for the plan's. */
	void (*run)(void *work);
	void *work;
	bool is_used;
	bool is_idle;
	bool is_leaving;
	bool rests_at_end;
	/* pool.taken when it began to wait. */
	uint64_t taken;
};

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t left;
	struct worker *workers;
	const struct workers_plan *plan;
	size_t count;
	/* Of these, decided to leave. */
	size_t leaving;
	size_t idle;
	/* Of these, those that take no request: workers_wait, workers_start. */
	size_t waiting;
	/* Requests so far. */
	uint64_t taken;
	/* Of these, up to the last start_successor. */
	uint64_t handed_over;
	/* Threads that have ended. */
	uint64_t ended;
	bool is_ending;
} pool = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static _Thread_local struct worker *self;

static void
on_wake(int number)
{
	/* Only to interrupt accept(2). */
	(void)number;
}

static void
rest(void)
{
	if (pool.plan->rest != NULL)
		pool.plan->rest();
}

static void *
run(void *worker)
{
	self = worker;
	if (self->run != NULL)
		self->run(self->work);
	else
		pool.plan->run();
	if (self->rests_at_end)
		rest();
	if (pool.plan->end != NULL)
		pool.plan->end();
	pthread_mutex_lock(&pool.mutex);
	pool.ended++;
	self->is_used = false;
	self->is_idle = false;
	pool.count--;
	pool.waiting -= self->run != NULL;
	pool.leaving -= self->is_leaving;
	pthread_cond_signal(&pool.left);
	pthread_mutex_unlock(&pool.mutex);
	return NULL;
}

/* With the mutex held.  Returns 1 or -1. */
static int
start_one(void (*other_run)(void *work), void *work)
{
	struct worker *worker = pool.workers;
	pthread_attr_t attr;
	int rc;

	while (worker->is_used)
		worker++;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	worker->run = other_run;
	worker->work = work;
	worker->is_used = true;
	worker->is_idle = false;
	worker->is_leaving = false;
	worker->rests_at_end = false;
	pool.count++;
	rc = pthread_create(&worker->thread, &attr, run, worker);
	pthread_attr_destroy(&attr);
	if (rc == 0)
		return 1;
	worker->is_used = false;
	pool.count--;
	return -1;
}

void
workers_idle(void)
{
	pthread_mutex_lock(&pool.mutex);
	self->is_idle = true;
	self->taken = pool.taken;
	pool.idle++;
	pthread_mutex_unlock(&pool.mutex);
}

/*
 * With the mutex held: somebody shall wait for the next request, but no more
 * threads than usual work at the same time.
 */
static void
replace_busy(void)
{
	const size_t allowed = pool.plan->usual + pool.waiting;

	/* If no thread can be had, those that are there go on alone. */
	if (pool.idle == 0 && pool.count - pool.leaving < allowed &&
	    pool.count < pool.plan->most && !pool.is_ending)
		(void)!start_one(NULL, NULL);
}

void
workers_busy(void)
{
	pthread_mutex_lock(&pool.mutex);
	self->is_idle = false;
	pool.idle--;
	pool.taken++;
	replace_busy();
	pthread_mutex_unlock(&pool.mutex);
}

void
workers_wait(bool begins)
{
	pthread_mutex_lock(&pool.mutex);
	if (begins)
		pool.waiting++;
	else
		pool.waiting--;
	replace_busy();
	pthread_mutex_unlock(&pool.mutex);
}

int
workers_start(void (*other_run)(void *work), void *work)
{
	int rc = -1;

	pthread_mutex_lock(&pool.mutex);
	if (pool.count < pool.plan->most)
		rc = start_one(other_run, work);
	/* It takes no request, so it counts as one that waits. */
	if (rc == 1)
		pool.waiting++;
	pthread_mutex_unlock(&pool.mutex);
	return rc;
}

/* With the mutex held: leave at the end, or where this one is not needed. */
static bool
decide(bool is_needed)
{
	self->is_leaving = pool.is_ending || !is_needed;
	pool.leaving += self->is_leaving;
	return self->is_leaving;
}

bool
workers_should_leave(void)
{
	bool should;

	pthread_mutex_lock(&pool.mutex);
	should = decide(
	    pool.count - pool.leaving <= pool.plan->usual + pool.waiting);
	pthread_mutex_unlock(&pool.mutex);
	return should;
}

/*
 * With the mutex held.  The C library keeps for each thread some of what it has
 * freed, here and there in the heap, and with it whole pages.  So after each
 * busy time another thread waits in place of the last one.  Returns 1, or 0
 * where this one is to wait on.
 */
static int
start_successor(void)
{
	if (pool.handed_over == pool.taken || pool.is_ending ||
	    pool.count == pool.plan->most || start_one(NULL, NULL) < 0)
		return 0;
	pool.handed_over = pool.taken;
	self->rests_at_end = true;
	return 1;
}

bool
workers_waited_in_vain(void)
{
	bool is_needed;
	bool is_quiet;
	bool should;

	pthread_mutex_lock(&pool.mutex);
	self->is_idle = false;
	pool.idle--;
	/* Whoever is busy may be so for long: others wait in its place. */
	is_needed = pool.idle < pool.plan->least;
	/* Others may have taken requests. */
	is_quiet = pool.taken == self->taken;
	if (is_needed && is_quiet && start_successor() == 1)
		is_needed = false;
	should = decide(is_needed);
	pthread_mutex_unlock(&pool.mutex);
	/* Some of what is kept becomes useless only with time. */
	if (!should && is_quiet)
		rest();
	return should;
}

static sigset_t
ending_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGUSR1);
	return set;
}

void
workers_block_signals(void)
{
	const sigset_t set = ending_signals();
	/* Without SA_RESTART, so that accept(2) returns. */
	const struct sigaction wake = { .sa_handler = on_wake };

	pthread_sigmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGUSR2, &wake, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* With the mutex held. */
static void
wake_idle(void)
{
	for (size_t i = 0; i < pool.plan->most; i++)
		if (pool.workers[i].is_used && pool.workers[i].is_idle)
			pthread_kill(pool.workers[i].thread, SIGUSR2);
}

/* Returns when all threads have left or the patience is over. */
static void
end_all(void)
{
	const int64_t until_ms =
	    clock_mono_ms() + pool.plan->deadline_ms + PATIENCE_MS;

	fcgi_stop();
	pthread_mutex_lock(&pool.mutex);
	pool.is_ending = true;
	while (pool.count > 0 && clock_mono_ms() < until_ms) {
		wake_idle();
		(void)cond_wait(&pool.left, &pool.mutex,
		    clock_mono_ms() + WAKE_EVERY_MS);
	}
	if (pool.count > 0) {
		log_warn("serve", "%zu threads cut off at the end", pool.count);
		/* Their threads still use what an orderly end would free. */
		_exit(EXIT_SUCCESS);
	}
	pthread_mutex_unlock(&pool.mutex);
}

static int
start_least(void)
{
	int rc = -1;

	pthread_mutex_lock(&pool.mutex);
	for (size_t i = 0; i < pool.plan->least; i++)
		if (start_one(NULL, NULL) == 1)
			rc = 1;
	pthread_mutex_unlock(&pool.mutex);
	return rc;
}

static uint64_t
count_changes(void)
{
	uint64_t changes;

	pthread_mutex_lock(&pool.mutex);
	changes = pool.taken + pool.ended;
	pthread_mutex_unlock(&pool.mutex);
	return changes;
}

/* Gives memory back after the start and once after each busy time. */
static void
await_signal(void)
{
	static const struct timespec quiet = { .tv_sec = QUIET_S };
	const sigset_t set = ending_signals();
	uint64_t seen = 0;
	bool is_trimmed = true;

	malloc_trim(0);
	while (sigtimedwait(&set, NULL, &quiet) < 0) {
		const uint64_t changes = count_changes();

		if (changes != seen) {
			seen = changes;
			is_trimmed = false;
		} else if (!is_trimmed) {
			malloc_trim(0);
			is_trimmed = true;
		}
	}
}

int
workers_serve(const struct workers_plan *plan)
{
	pool.plan = plan;
	/* Threads seldom allocate at the same time, and each arena of the C
	 * library's keeps what its threads have freed. */
	mallopt(M_ARENA_MAX, 1);
	/* Said, or it would rise with what is freed: what is larger comes from
	 * the system, and goes back to it at once. */
	mallopt(M_MMAP_THRESHOLD, MMAP_THRESHOLD);
	pool.workers = calloc(plan->most, sizeof *pool.workers);
	if (pool.workers == NULL || plan->most > MOST_THREADS)
		return -1;
	cond_init(&pool.left);
	if (start_least() < 0)
		return -1;
	await_signal();
	end_all();
	return 1;
}
