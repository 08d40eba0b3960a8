/* Requests and all they need. */
#include "web/job.h"

#include "base/limits.h"

#include <pthread.h>

static struct {
	pthread_mutex_t mutex;
	struct job *unused;
	size_t count;
} jobs = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static struct job *
job_new(void)
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	pthread_mutex_lock(&jobs.mutex);
	jobs.count++;
	pthread_mutex_unlock(&jobs.mutex);
	job->arena = arena_new(LIMIT_ARENA);
	if (job->arena == NULL || fcgi_new(&job->exchange) < 0)
		job_free(&job);
	return job;
}

void
job_free(struct job **job)
{
	if (*job == NULL)
		return;
	fcgi_free(&(*job)->exchange);
	arena_free(&(*job)->arena);
	free(*job);
	*job = NULL;
	pthread_mutex_lock(&jobs.mutex);
	jobs.count--;
	pthread_mutex_unlock(&jobs.mutex);
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
	return job != NULL ? job : job_new();
}

void
job_give(struct job *job)
{
	pthread_mutex_lock(&jobs.mutex);
	job->next = jobs.unused;
	jobs.unused = job;
	pthread_mutex_unlock(&jobs.mutex);
}

size_t
jobs_count(void)
{
	size_t count;

	pthread_mutex_lock(&jobs.mutex);
	count = jobs.count;
	pthread_mutex_unlock(&jobs.mutex);
	return count;
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
		job_free(&job);
	}
}
