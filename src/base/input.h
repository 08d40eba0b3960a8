/* The bytes of a file or a pipe one by one, however long it is. */
#ifndef LATCHKEY_BASE_INPUT_H
#define LATCHKEY_BASE_INPUT_H

#include "base/attrs.h"
#include "base/str.h"

#include <stdint.h>

enum { INPUT_BUFFER = 64 * 1024, INPUT_END = -1 };

struct input {
	/* Borrowed. */
	int fd;
	/* Of the next byte, from 1. */
	int64_t line;
	/* errno of the read that failed, which ends the input too. */
	int error;
	size_t at;
	size_t len;
	unsigned char bytes[INPUT_BUFFER];
};

/* Begin to read fd; a UTF-8 BOM at the start is passed over. */
NONNULL void input_begin(struct input *input, int fd);

/* The next byte without taking it, or INPUT_END. */
MUST_CHECK NONNULL int input_peek(struct input *input);
/* Take it. */
NONNULL int input_next(struct input *input);

/*
 * The next line without its end (LF or CR LF), in text, which has room for cap
 * bytes; a longer one is passed over and comes out absent.
 * Returns 1, or 0 at the end.
 */
MUST_CHECK NONNULL int
input_line(struct input *input, char *text, size_t cap, struct str *line_r);

/* Overwrite what is still in memory. */
NONNULL void input_wipe(struct input *input);

#endif
