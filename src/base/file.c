/* Whole small files: read with suspicion, written at once or not at all. */
#include "base/file.h"

#include "base/buf.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* NULL where the file may be trusted, else what is wrong and how to mend it. */
static const char *
distrust(const struct stat *st, enum file_trust trust)
{
	if (!S_ISREG(st->st_mode))
		return "is not a regular file";
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return "belongs to another user; chown it to the service's";
	if (trust == FILE_SECRET && (st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return "is accessible to others; chmod 600 it";
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "is writable by others; chmod go-w it";
	if (st->st_size > LIMIT_FILE)
		return "is larger than 64 KiB";
	return NULL;
}

static int
read_all(int fd, struct arena *arena, size_t size, struct str *bytes_r)
{
	char *bytes = arena_alloc(arena, size + 1);
	size_t len = 0;

	if (bytes == NULL)
		return -1;
	while (len < size) {
		const ssize_t got = read(fd, bytes + len, size - len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	*bytes_r = (struct str){ bytes, len };
	return 1;
}

int
file_read(struct arena *arena, const char *path, enum file_trust trust,
    struct str *bytes_r, const char **why_r)
{
	const char *why = "can't be read";
	struct stat st;
	int rc = -1;
	const int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0) {
		if (errno == ENOENT)
			return 0;
		*why_r = errno == ELOOP ? "is a symbolic link"
		    : errno == EACCES   ? "can't be read by this user"
		                        : why;
		return -1;
	}
	if (fstat(fd, &st) == 0) {
		const char *reason = distrust(&st, trust);

		if (reason != NULL)
			why = reason;
		else
			rc = read_all(fd, arena, (size_t)st.st_size, bytes_r);
	}
	close(fd);
	if (rc < 0)
		*why_r = why;
	return rc;
}

static int
write_all(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		const ssize_t put = write(fd, bytes.ptr, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		bytes = str_from_offset(bytes, (size_t)put);
	}
	return fsync(fd) == 0 ? 1 : -1;
}

/* The rename itself must reach the disk too. */
static int
sync_dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[4096];
	int fd;
	int rc;

	if (slash == NULL)
		snprintf(dir, sizeof dir, ".");
	else
		snprintf(dir, sizeof dir, "%.*s", (int)(slash - path + 1),
		    path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fsync(fd) == 0 ? 1 : -1;
	close(fd);
	return rc;
}

int
file_write(const char *path, struct str bytes, mode_t mode)
{
	char temporary[4096];
	int fd;
	int rc;

	if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >=
	    (int)sizeof temporary) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fchmod(fd, mode) == 0 ? write_all(fd, bytes) : -1;
	if (close(fd) != 0)
		rc = -1;
	if (rc == 1 && rename(temporary, path) != 0)
		rc = -1;
	if (rc < 0) {
		const int cause = errno;

		unlink(temporary);
		errno = cause;
		return -1;
	}
	return sync_dir_of(path);
}

char *
file_path(struct arena *arena, const char *dir, const char *name)
{
	struct buf path = BUF_IN(arena);

	buf_printf(&path, "%s/%s", dir, name);
	return path.is_failed ? NULL : path.ptr;
}
