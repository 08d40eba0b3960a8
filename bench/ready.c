/*
 * How long FastCGI programs take from their start to their first answer, all of
 * them started at the same time.
 *
 * usage: ready PROGRAM...
 *
 * Prints microseconds as JSON: { "all_us": ..., "each_us": [ ... ] }, in the
 * order of the arguments.
 */
#include "program.h"
#include "tool.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	MOST = 64,
	PATIENCE_MS = 10000,
};

/* Of an address that no endpoint has: 404 at once, without a database. */
static int
ask(const struct program *program)
{
	static const struct {
		struct str name;
		struct str value;
	} parameters[] = {
		{ STR_INIT("REQUEST_METHOD"), STR_INIT("GET") },
		{ STR_INIT("SCRIPT_NAME"), STR_INIT("/nothing") },
		{ STR_INIT("QUERY_STRING"), STR_INIT("") },
		{ STR_INIT("REMOTE_ADDR"), STR_INIT("127.0.0.1") },
	};
	const int fd = program_open(program);

	for (size_t i = 0; i < ARRAY_LEN(parameters); i++)
		program_send_parameter(fd, parameters[i].name,
		    parameters[i].value);
	program_send_body(fd, STR(""));
	return fd;
}

/* Fills in when each answered, in microseconds since from_us. */
static void
await_answers(struct pollfd *fds, size_t count, int64_t from_us,
    int64_t *each_us)
{
	for (size_t left = count; left > 0;) {
		if (poll(fds, count, PATIENCE_MS) <= 0)
			tool_fail("a program", "does not answer");
		for (size_t i = 0; i < count; i++) {
			if (fds[i].revents == 0)
				continue;
			each_us[i] = tool_now_us() - from_us;
			/* poll passes over it from now on. */
			fds[i].fd = -1;
			left--;
		}
	}
}

int
main(int argc, char **argv)
{
	struct program programs[MOST];
	struct pollfd fds[MOST];
	int64_t each_us[MOST];
	const size_t count = (size_t)argc - 1;
	int64_t from_us;
	int64_t all_us = 0;

	if (count < 1 || count > MOST)
		tool_fail("usage", "ready PROGRAM..., 64 at most");
	from_us = tool_now_us();
	for (size_t i = 0; i < count; i++)
		program_start(&programs[i], (char *[]){ argv[i + 1], NULL });
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ .fd = ask(&programs[i]),
			.events = POLLIN };
	await_answers(fds, count, from_us, each_us);
	for (size_t i = 0; i < count; i++)
		if (each_us[i] > all_us)
			all_us = each_us[i];
	printf("{\"all_us\":%" PRId64 ",\"each_us\":[", all_us);
	for (size_t i = 0; i < count; i++)
		printf("%s%" PRId64, i == 0 ? "" : ",", each_us[i]);
	printf("]}\n");
	for (size_t i = 0; i < count; i++)
		if (program_end(&programs[i]) != EXIT_SUCCESS)
			tool_fail(argv[i + 1], "failed");
	return EXIT_SUCCESS;
}
