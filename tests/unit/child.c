/* Parts of tests in a process of their own. */
#include "child.h"

#include "unit.h"

#include <sys/wait.h>
#include <unistd.h>

void
assert_child(int (*run)(const void *argument), const void *argument)
{
	const pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0)
		_exit(run(argument));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}
