/* A FastCGI program, started and asked as a web server would. */
#ifndef LATCHKEY_BENCH_PROGRAM_H
#define LATCHKEY_BENCH_PROGRAM_H

#include "base/attrs.h"
#include "base/str.h"

#include <sys/types.h>
#include <sys/un.h>

struct program {
	pid_t pid;
	struct sockaddr_un address;
};

/* Start it with a socket of its own.  All of these end the tool on failure. */
NONNULL void program_start(struct program *program_r, char **argv);
/* Waits for its end; returns its status. */
MUST_CHECK NONNULL int program_end(const struct program *program);

/* A connection with a request begun; then its parameters, one by one. */
MUST_CHECK NONNULL int program_open(const struct program *program);
void program_send_parameter(int fd, struct str name, struct str value);
/* The rest of the request. */
void program_send_body(int fd, struct str body);
/* What it answers, up to its end, onto standard output; closes fd. */
void program_print_answer(int fd);

#endif
