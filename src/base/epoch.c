/* A counter shared by all processes of this host. */
#include "base/epoch.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static _Atomic uint64_t *epoch;

int
epoch_open(const char *path)
{
	struct stat st;
	void *map = MAP_FAILED;
	const int fd =
	    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return -1;
	/* Growing only: a mapped page must never be cut away. */
	if (fstat(fd, &st) == 0 &&
	    (st.st_size >= (off_t)sizeof *epoch ||
	        ftruncate(fd, sizeof *epoch) == 0))
		map = mmap(NULL, sizeof *epoch, PROT_READ | PROT_WRITE,
		    MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -1;
	epoch = map;
	return 1;
}

uint64_t
epoch_load(void)
{
	return epoch == NULL ? 0 : atomic_load(epoch);
}

void
epoch_bump(void)
{
	if (epoch != NULL)
		atomic_fetch_add(epoch, 1);
}
