/* Requests and all they need. */
#include "web/job.h"

#include "base/limits.h"

#include <pthread.h>
#include <stdatomic.h>

static struct {
	pthread_mutex_t mutex;
	struct job *unused;
	atomic_size_t used;
} jobs = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void
discard(struct job *job)
{
	fcgi_free(&job->exchange);
	arena_free(&job->arena);
	free(job);
}

static struct job *
job_new(void)
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->arena = arena_new(LIMIT_ARENA);
	if (job->arena != NULL && fcgi_new(&job->exchange) == 1)
		return job;
	discard(job);
	return NULL;
}

struct job *
job_take(void)
{
	struct job *job;

	pthread_mutex_lock(&jobs.mutex);
	job = jobs.unused;
	if (job != NULL)
		jobs.unused = job->next;
	pthread_mutex_unlock(&jobs.mutex);
	if (job == NULL)
		job = job_new();
	if (job != NULL)
		jobs.used++;
	return job;
}

void
job_free(struct job **job)
{
	if (*job == NULL)
		return;
	discard(*job);
	*job = NULL;
	jobs.used--;
}

void
job_give(struct job *job)
{
	pthread_mutex_lock(&jobs.mutex);
	job->next = jobs.unused;
	jobs.unused = job;
	pthread_mutex_unlock(&jobs.mutex);
	jobs.used--;
}

size_t
jobs_used(void)
{
	return jobs.used;
}

void
jobs_rest(void)
{
	struct job *unused;

	pthread_mutex_lock(&jobs.mutex);
	unused = jobs.unused;
	jobs.unused = NULL;
	pthread_mutex_unlock(&jobs.mutex);
	while (unused != NULL) {
		struct job *job = unused;

		unused = job->next;
		discard(job);
	}
}
