/* Work in threads that others outrank. */
#include "base/background.h"

#include <pthread.h>
#include <unistd.h>

/* A tenth of the share of a thread of usual priority. */
enum { LESS_NICE = 10 };

struct job {
	int (*work)(void *argument);
	void *argument;
	int rc;
};

static void *
run(void *job_v)
{
	struct job *job = job_v;

	/* Of this thread alone; it can't fail in a way that matters. */
	(void)!nice(LESS_NICE);
	job->rc = job->work(job->argument);
	return NULL;
}

int
background_run(int (*work)(void *argument), void *argument)
{
	struct job job = { .work = work, .argument = argument };
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, &job) != 0)
		return work(argument);
	pthread_join(thread, NULL);
	return job.rc;
}
