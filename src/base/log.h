/*
 * The log: one JSON object a line, written whole by one write(2), so that
 * lines of several processes never mix.
 */
#ifndef LATCHKEY_BASE_LOG_H
#define LATCHKEY_BASE_LOG_H

#include "base/attrs.h"
#include "base/str.h"

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_INFO,
	LOG_DEBUG,
};

/*
 * Name the process in every line and append to a file from now on.  An empty
 * path is standard error.  Returns 1, or -1 where the file can't be opened
 * (errno says why); the log then stays where it was.
 */
MUST_CHECK NONNULL int
log_start(const char *process, const char *path, enum log_level most);

/* where: the module, one word.  Control characters are escaped. */
NONNULL PRINTF_LIKE(2, 3) void log_error(const char *where, const char *format,
    ...);
NONNULL PRINTF_LIKE(2, 3) void log_warn(const char *where, const char *format,
    ...);
NONNULL PRINTF_LIKE(2, 3) void log_info(const char *where, const char *format,
    ...);
NONNULL PRINTF_LIKE(2, 3) void log_debug(const char *where, const char *format,
    ...);

/* This process, for the lines. */
MUST_CHECK int log_pid(void);

/* Whether lines of this level are kept. */
MUST_CHECK bool log_keeps(enum log_level level);

/* Append one finished line; the line feed is added here. */
void log_write(struct str line);

#endif
