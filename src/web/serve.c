/*
 * main of every endpoint, and the life of a request, always in this order:
 * accept, request id, one clock reading, method, size and type, credentials,
 * parse and validate, handle, finish (perhaps in another thread), reply or
 * problem, one log line, what comes afterwards, wipe.
 */
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "web/fields.h"
#include "web/guard.h"
#include "web/job.h"
#include "web/origin.h"
#include "web/workers.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	EXIT_USAGE = 2,
	AGAIN_US = 50000,
	/* Whoever takes a request starts the one that waits for the next. */
	QUIET_THREADS = 1,
	/* Beyond it a request keeps its thread, whatever it waits for. */
	JOBS_PER_THREAD = 4,
};

static const struct config *config;
static struct app *app;

static const struct str level_info = STR_INIT("info");

static void
log_request(const struct request *request, const struct reply *reply)
{
	struct buf buf = BUF_IN(request->arena);
	struct jsonw w = JSONW_INTO(&buf);
	struct str path = request->path;
	struct str method = request->is_head ? STR("HEAD") : STR("?");
	struct str line;

	if (!log_keeps(LOG_INFO))
		return;
	if (path.len > LIMIT_PATH_LOGGED)
		path.len = LIMIT_PATH_LOGGED;
	/* Only a method we know: the parameters are gone by now. */
	if (request->has_method && !request->is_head)
		method = str_from(method_name(request->method));
	jsonw_object(&w, NULL);
	jsonw_time(&w, "time", request->now.unix_s);
	jsonw_str(&w, "level", level_info);
	jsonw_str(&w, "process", str_from(endpoint.name));
	jsonw_int(&w, "pid", log_pid());
	jsonw_str(&w, "request", str_from(request->id));
	jsonw_str(&w, "method", method);
	jsonw_str(&w, "path", path);
	jsonw_int(&w, "status", reply->status);
	jsonw_str(&w, "code", str_from(api_error_code(reply->error)));
	jsonw_int(&w, "ms", clock_mono_ms() - request->now.mono_ms);
	jsonw_str(&w, "ip", request->ip);
	jsonw_object_end(&w);
	if (buf_str(&buf, &line) == 1)
		log_write(line);
}

/* After the handler, in its thread or in that of whoever resumes. */
static enum api_error
finish(struct request *request, struct reply *reply)
{
	const struct operation *operation = request->operation;
	enum api_error error = API_OK;

	if (operation->finish != NULL)
		error = operation->finish(request, reply);
	if (error != API_OK)
		return error;
	/* Whoever waits has given up, and times were read before. */
	if (clock_mono_ms() > request->deadline_ms)
		return API_UNAVAILABLE;
	/* Last of all: until here the reply is a 503. */
	reply->status = operation->success;
	return API_OK;
}

static void
refuse(struct reply *reply, struct request *request, enum api_error error)
{
	reply_problem(reply, request, error);
	if (request->operation != NULL && request->operation->refuse != NULL)
		request->operation->refuse(request, reply);
}

/* The end of a request's life. */
static void
conclude(struct job *job, enum api_error error)
{
	struct request *request = &job->request;
	struct reply *reply = &job->reply;

	if (error != API_OK)
		refuse(reply, request, error);
	origin_add_headers(reply, request);
	fcgi_answer(job->exchange, reply_finish(reply, request));
	log_request(request, reply);
	if (reply->error == API_OK && request->operation != NULL &&
	    request->operation->afterwards != NULL)
		request->operation->afterwards(request->context);
	guard_end(request);
	arena_reset(job->arena);
}

static void
resume(struct context *context)
{
	struct job *job = guard_owner(context);

	conclude(job, finish(&job->request, &job->reply));
	job_give(job);
}

/*
 * From here on its thread may leave it, where the operation does that at all
 * and nothing but its answer is to come on its connection.
 */
static void
allow_leaving(struct job *job)
{
	if (job->request.operation->finish == NULL ||
	    !fcgi_is_single(job->exchange) ||
	    jobs_used() > (size_t)config->server_threads * JOBS_PER_THREAD)
		return;
	/* Nobody else shall have to wait for what may still come of it. */
	fcgi_drain(job->exchange);
	guard_allow_resume(&job->request, resume, job);
}

/* From the method to the operation's result, or API_LATER. */
static enum api_error
process(struct job *job)
{
	struct request *request = &job->request;
	struct reply *reply = &job->reply;
	enum api_error error = request_route(request);
	void *input;

	if (error == API_METHOD_NOT_ALLOWED && origin_is_preflight(request))
		return origin_answer_preflight(request, reply);
	if (error == API_OK)
		error = request_read_body(request);
	if (error == API_OK && guard_begin(app, request) < 0)
		error = API_UNAVAILABLE;
	if (error == API_OK)
		error = guard_check(request);
	if (error == API_OK)
		error = fields_parse(request, &input);
	if (error != API_OK)
		return error;
	allow_leaving(job);
	error = request->operation->handle(request, input, reply);
	return error == API_OK ? finish(request, reply) : error;
}

/* Returns false where it was left to others. */
static bool
serve_request(struct job *job)
{
	struct request *request = &job->request;
	enum api_error error = API_UNAVAILABLE;

	*request = (struct request){
		.config = config,
		.arena = job->arena,
		.exchange = job->exchange,
		.now = clock_read(),
	};
	request->deadline_ms =
	    request->now.mono_ms + config->server_deadline_ms;
	reply_begin(&job->reply, request);
	if (request_read_head(request) == 1)
		error = process(job);
	if (error == API_LATER)
		return false;
	conclude(job, error);
	return true;
}

/* Without memory it waits for some: others will give theirs back. */
static struct job *
take_job(void)
{
	struct job *job = job_take();

	while (job == NULL) {
		usleep(AGAIN_US);
		job = job_take();
	}
	return job;
}

/* One thread's life. */
static void
work(void)
{
	struct job *job = take_job();
	bool is_over = false;

	while (!is_over) {
		workers_idle();
		switch (fcgi_accept(job->exchange)) {
		case 1:
			workers_busy();
			if (!serve_request(job))
				job = take_job();
			is_over = workers_should_leave();
			break;
		case 0:
			is_over = workers_waited_in_vain();
			break;
		default:
			workers_busy();
			is_over = workers_should_leave();
			/* Out of descriptors, say: others will give some. */
			if (!is_over)
				usleep(AGAIN_US);
		}
	}
	job_free(&job);
}

static int
serve_cgi(void)
{
	struct job *job = job_take();

	if (job == NULL)
		return EXIT_FAILURE;
	if (fcgi_accept(job->exchange) == 1)
		(void)!serve_request(job);
	job_free(&job);
	return EXIT_SUCCESS;
}

static void
rest(void)
{
	guard_rest(app);
	jobs_rest();
}

static int
serve_fastcgi(void)
{
	const size_t usual = (size_t)config->server_threads;
	const struct workers_plan plan = {
		.least = usual < QUIET_THREADS ? usual : QUIET_THREADS,
		.usual = usual,
		/* All that are left might need threads of their own. */
		.most = usual * (JOBS_PER_THREAD + 1) + guard_most_waiting(app),
		.deadline_ms = config->server_deadline_ms,
		.run = work,
		.end = guard_thread_end,
		.rest = rest,
	};

	guard_give_threads(app, workers_wait, workers_start);
	if (workers_serve(&plan) < 0) {
		log_error("serve", "no thread can be started");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

/* Neither a core file nor another process of this user may see a secret. */
static void
hide_memory(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
#ifndef LATCHKEY_SANITIZE
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

/* A web server that is killed leaves no orphans behind. */
static void
die_with_parent(void)
{
	const pid_t parent = getppid();

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		raise(SIGTERM);
}

static enum log_level
level_of(const char *name)
{
	static const char *const names[] = {
		[LOG_ERROR] = "error",
		[LOG_WARN] = "warn",
		[LOG_INFO] = "info",
		[LOG_DEBUG] = "debug",
	};
	enum log_level level = LOG_INFO;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			level = (enum log_level)i;
	return level;
}

static int
start(struct why *why)
{
	struct config *loaded;

	if (fcgi_start() < 0)
		return why_say(why, "FastCGI can't be started");
	if (config_load(environ, &loaded, why) < 0)
		return -1;
	config = loaded;
	if (config->server_die_with_parent)
		die_with_parent();
	if (log_start(endpoint.name, config->log_file,
	        level_of(config->log_level)) < 0)
		return why_say(why, "log.file %s can't be opened",
		    config->log_file);
	return guard_open(config, &app, why);
}

/* What a person, or the build, asks of the program itself. */
static int
follow(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--describe") == 0)
		return endpoint_describe() == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
	if (argc == 2 && strcmp(argv[1], "--routes") == 0) {
		endpoint_print_routes();
		return EXIT_SUCCESS;
	}
	fprintf(stderr,
	    "usage: %s.fcgi [--describe | --routes]; "
	    "otherwise started by a web server\n",
	    endpoint.name);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct why why;
	int rc;

	/*
	 * A web server makes arguments of a query without "=" (RFC 3875, 4.4):
	 * those are nobody's wish.
	 */
	if (argc > 1 && getenv("GATEWAY_INTERFACE") == NULL)
		return follow(argc, argv);
	hide_memory();
	workers_block_signals();
	if (start(&why) < 0) {
		fprintf(stderr, "%s: %s\n", endpoint.name, why.text);
		/* Where the log is a file, its readers want to know, too. */
		if (config != NULL && config->log_file[0] != '\0')
			log_error("start", "%s", why.text);
		if (fcgi_is_cgi())
			printf("%.*s", STR_ARG(reply_last_resort("")));
		return EXIT_FAILURE;
	}
	rc = fcgi_is_cgi() ? serve_cgi() : serve_fastcgi();
	guard_close(&app);
	return rc;
}
