/*
 * Start a FastCGI program as a web server would and send it requests, one
 * after the other.
 *
 * usage: drive PROGRAM [ARGUMENT...] <REQUESTS
 *
 * A request on standard input is lines of NAME=value, then the body in a line
 * of its own, which is empty without one.  The answers go to standard output.
 * The program gets TERM after the last.
 */
#include "program.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>

static void
send_requests(const struct program *program)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t len;
	int fd = -1;

	while ((len = getline(&text, &size, stdin)) > 0) {
		struct str line = { text, (size_t)len - 1 };
		struct str name;

		if (fd < 0)
			fd = program_open(program);
		if (line.len > 0 && line.ptr[0] != '{' &&
		    str_cut(&line, '=', &name)) {
			program_send_parameter(fd, name, line);
			continue;
		}
		program_send_body(fd, line);
		program_print_answer(fd);
		fd = -1;
	}
	free(text);
}

int
main(int argc, char **argv)
{
	struct program program;

	if (argc < 2)
		tool_fail("usage", "drive PROGRAM [ARGUMENT...] <REQUESTS");
	program_start(&program, argv + 1);
	send_requests(&program);
	return program_end(&program);
}
