/*
 * The memory of password hashes: mmap and munmap of this program, which come
 * before the C library's for every shared library that calls them.  Programs
 * that hash nothing have them as well where they map a file, to no effect.
 */

/* With 64 here, the header would name our mmap mmap64, which it calls. */
#undef _FILE_OFFSET_BITS

#include "wrap/pwhash_memory.h"

#include "wrap/pwhash.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	PROT_READ_WRITE = PROT_READ | PROT_WRITE,
	/* What a large page is of, on x86-64 and most of arm64. */
	LARGE_PAGE = 2 * 1024 * 1024,
};

struct block {
	void *ptr;
	size_t len;
};

/* What was left by one hash for the next. */
static struct {
	pthread_mutex_t mutex;
	struct block blocks[PWHASH_PARALLEL_MAX];
	size_t count;
} kept = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* lent: what is in use by the hash of this thread, ptr NULL for nothing. */
static _Thread_local struct {
	bool is_open;
	bool is_refused;
	struct block lent;
} scope;

static void
unmap(void *ptr, size_t len)
{
	(void)syscall(SYS_munmap, ptr, len);
}

/* Returns NULL where none of this length is left. */
static void *
take_kept(size_t len)
{
	void *ptr = NULL;

	pthread_mutex_lock(&kept.mutex);
	for (size_t i = 0; i < kept.count && ptr == NULL; i++) {
		if (kept.blocks[i].len != len)
			continue;
		ptr = kept.blocks[i].ptr;
		kept.blocks[i] = kept.blocks[--kept.count];
	}
	pthread_mutex_unlock(&kept.mutex);
	return ptr;
}

static bool
keep(void *ptr, size_t len)
{
	bool has_room;

	pthread_mutex_lock(&kept.mutex);
	has_room = kept.count < PWHASH_PARALLEL_MAX;
	if (has_room)
		kept.blocks[kept.count++] = (struct block){ ptr, len };
	pthread_mutex_unlock(&kept.mutex);
	return has_room;
}

/* Large pages begin where their size divides the address. */
static void *
map_large(size_t len)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t whole = (len + page - 1) / page * page;
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	const size_t len_max = whole + LARGE_PAGE;
	/* -1 where no file is mapped. */
	/* cppcheck-suppress invalidFunctionArg */
	char *start = mmap64(NULL, len_max, PROT_READ_WRITE, flags, -1, 0);
	size_t before;

	if (start == MAP_FAILED)
		return MAP_FAILED;
	before = -(uintptr_t)start % LARGE_PAGE;
	if (before > 0)
		unmap(start, before);
	unmap(start + before + whole, LARGE_PAGE - before);
	/* A kernel without large pages, or with others, does as well. */
	(void)madvise(start + before, whole, MADV_HUGEPAGE);
	return start + before;
}

static void *
lend(size_t len)
{
	void *ptr = take_kept(len);

	if (ptr == NULL) {
		/* What is left of other lengths is hardly asked for again. */
		pwhash_release(0);
		ptr = map_large(len);
	}
	if (ptr != MAP_FAILED)
		scope.lent = (struct block){ ptr, len };
	return ptr;
}

/* clang-tidy wants parameters named as the C library's header names them. */
void *
mmap(void *__addr, size_t __len, int __prot, int __flags, int __fd,
    off_t __offset)
{
	const bool is_plain = __addr == NULL && __prot == PROT_READ_WRITE &&
	    (__flags & MAP_ANONYMOUS) != 0 && (__flags & MAP_SHARED) == 0;
	void *ptr;

	if (scope.is_open && scope.lent.ptr == NULL && is_plain &&
	    __len >= LARGE_PAGE && __len <= SIZE_MAX / 2)
		ptr = lend(__len);
	else
		ptr = mmap64(__addr, __len, __prot, __flags, __fd, __offset);
	if (ptr == MAP_FAILED)
		scope.is_refused = true;
	return ptr;
}

int
munmap(void *__addr, size_t __len)
{
	if (__addr == NULL || __addr != scope.lent.ptr ||
	    __len != scope.lent.len)
		return (int)syscall(SYS_munmap, __addr, __len);
	scope.lent.ptr = NULL;
	if (!keep(__addr, __len))
		unmap(__addr, __len);
	return 0;
}

void
pwhash_memory_begin(void)
{
	scope.is_open = true;
	scope.is_refused = false;
}

bool
pwhash_memory_end(void)
{
	scope.is_open = false;
	return !scope.is_refused;
}

void
pwhash_release(size_t hashes)
{
	struct block blocks[PWHASH_PARALLEL_MAX];
	size_t count = 0;

	pthread_mutex_lock(&kept.mutex);
	while (kept.count > hashes)
		blocks[count++] = kept.blocks[--kept.count];
	pthread_mutex_unlock(&kept.mutex);
	while (count > 0) {
		count--;
		unmap(blocks[count].ptr, blocks[count].len);
	}
}
