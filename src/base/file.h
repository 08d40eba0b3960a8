/* Whole small files: read with suspicion, written at once or not at all. */
#ifndef LATCHKEY_BASE_FILE_H
#define LATCHKEY_BASE_FILE_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/str.h"

#include <sys/types.h>

enum file_trust {
	/* Nobody but the owner may write it. */
	FILE_PUBLIC,
	/* Nobody but the owner may even read it. */
	FILE_SECRET,
};

/*
 * Read a regular file of at most LIMIT_FILE bytes that belongs to this user
 * (or to root), is no symbolic link and has no more permissions than trust
 * allows.  Returns 1, 0 where it does not exist, -1 with *why_r, a sentence
 * part such as "is readable by others; chmod 600 it".
 */
MUST_CHECK NONNULL int file_read(struct arena *arena, const char *path,
    enum file_trust trust, struct str *bytes_r, const char **why_r);

/*
 * Put bytes at path by way of a temporary file, fsync and rename, so that a
 * reader sees the old content or the new one.  Returns 1 or -1 (errno).
 */
MUST_CHECK NONNULL int
file_write(const char *path, struct str bytes, mode_t mode);

/* "dir/name" in the arena, NULL when it is full. */
MUST_CHECK NONNULL char *
file_path(struct arena *arena, const char *dir, const char *name);

#endif
