/* The log: one JSON object a line, written whole. */
#include "base/log.h"

#include "base/clock.h"
#include "base/jsonw.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/uio.h>
#include <unistd.h>

static const struct str level_names[] = {
	[LOG_ERROR] = STR_INIT("error"),
	[LOG_WARN] = STR_INIT("warn"),
	[LOG_INFO] = STR_INIT("info"),
	[LOG_DEBUG] = STR_INIT("debug"),
};

static int log_fd = STDERR_FILENO;
static enum log_level log_most = LOG_INFO;
static const char *log_process = "latchkey";

int
log_start(const char *process, const char *path, enum log_level most)
{
	int fd = STDERR_FILENO;

	log_process = process;
	log_most = most;
	if (path[0] != '\0') {
		fd =
		    open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0)
			return -1;
	}
	log_fd = fd;
	return 1;
}

/* Asked of the kernel once: a process that logs does not fork. */
int
log_pid(void)
{
	static _Atomic int pid;

	if (pid == 0)
		pid = getpid();
	return pid;
}

bool
log_keeps(enum log_level level)
{
	return level <= log_most;
}

void
log_write(struct str line)
{
	struct iovec parts[] = {
		{ .iov_base = (void *)(uintptr_t)line.ptr,
		    .iov_len = line.len },
		{ .iov_base = (void *)(uintptr_t) "\n", .iov_len = 1 },
	};

	/* A full disk must not stop the service: the line is lost. */
	while (writev(log_fd, parts, ARRAY_LEN(parts)) < 0 && errno == EINTR)
		continue;
}

static PRINTF_LIKE(3, 0) void log_message(enum log_level level,
    const char *where, const char *format, va_list args)
{
	char text[LIMIT_LOG_LINE / 2];
	struct arena *arena;
	struct buf buf;
	struct jsonw w;
	struct str line;

	if (!log_keeps(level))
		return;
	vsnprintf(text, sizeof text, format, args);
	/* Rare enough that an arena of its own costs nothing. */
	arena = arena_new(LIMIT_ARENA);
	if (arena == NULL)
		return;
	buf = BUF_IN(arena);
	w = JSONW_INTO(&buf);
	jsonw_object(&w, NULL);
	jsonw_time(&w, "time", clock_read().unix_s);
	jsonw_str(&w, "level", level_names[level]);
	jsonw_str(&w, "process", str_from(log_process));
	jsonw_int(&w, "pid", log_pid());
	jsonw_str(&w, "where", str_from(where));
	jsonw_str(&w, "message", str_from(text));
	jsonw_object_end(&w);
	if (buf_str(&buf, &line) == 1)
		log_write(line);
	arena_free(&arena);
}

void
log_error(const char *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_message(LOG_ERROR, where, format, args);
	va_end(args);
}

void
log_warn(const char *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_message(LOG_WARN, where, format, args);
	va_end(args);
}

void
log_info(const char *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_message(LOG_INFO, where, format, args);
	va_end(args);
}

void
log_debug(const char *where, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_message(LOG_DEBUG, where, format, args);
	va_end(args);
}
