/*
 * Preloaded into a program: after each SIGWINCH every so many-th piece of
 * memory that it or its libraries ask for is refused, more often each time.
 * libfcgi and the C library are spared: the former ends the program.
 */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static atomic_uint period;
static atomic_uint asked;

static void
on_signal(int number)
{
	static const unsigned int periods[] = { 7, 5, 3, 2, 1 };
	static unsigned int next;

	(void)number;
	atomic_store(&period, periods[next++ % 5]);
}

__attribute__((constructor)) static void
listen_for_it(void)
{
	signal(SIGWINCH, on_signal);
}

static bool
is_refused(const void *caller)
{
	const unsigned int every = atomic_load(&period);
	Dl_info info;

	if (every == 0 || dladdr(caller, &info) == 0 ||
	    strstr(info.dli_fname, "/libfcgi") != NULL ||
	    strstr(info.dli_fname, "/libc.") != NULL ||
	    strstr(info.dli_fname, "/ld-") != NULL)
		return false;
	return atomic_fetch_add(&asked, 1) % every == 0;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t nmemb, size_t size);
extern void *__libc_realloc(void *ptr, size_t size);

void *
malloc(size_t size)
{
	if (is_refused(__builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_malloc(size);
}

void *
calloc(size_t nmemb, size_t size)
{
	if (is_refused(__builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_calloc(nmemb, size);
}

void *
realloc(void *ptr, size_t size)
{
	if (is_refused(__builtin_return_address(0))) {
		errno = ENOMEM;
		return NULL;
	}
	return __libc_realloc(ptr, size);
}
