/* A FastCGI program, started and asked as a web server would. */
#include "program.h"

#include "tool.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	/* FastCGI 1.0, 8. */
	VERSION = 1,
	BEGIN_REQUEST = 1,
	PARAMS = 4,
	STDIN = 5,
	STDOUT = 6,
	RESPONDER = 1,
	REQUEST_ID = 1,
	HEADER_SIZE = 8,
	LONG_LENGTH = 128,
	RECORD_MAX = 65535,
	BACKLOG = 8,
};

static void
write_all(int fd, const void *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		tool_fail("send", strerror(errno));
}

static void
send_record(int fd, unsigned char type, const void *bytes, size_t len)
{
	const unsigned char header[HEADER_SIZE] = { VERSION, type, 0,
		REQUEST_ID, (unsigned char)(len >> 8), (unsigned char)len };

	if (len > RECORD_MAX)
		tool_fail("a request", "is too long");
	write_all(fd, header, sizeof header);
	if (len > 0)
		write_all(fd, bytes, len);
}

/* A length of FastCGI 1.0, 3.4, always in the long form. */
static char *
put_length(char *at, size_t len)
{
	*at++ = (char)(LONG_LENGTH | len >> 24);
	*at++ = (char)(len >> 16);
	*at++ = (char)(len >> 8);
	*at++ = (char)len;
	return at;
}

void
program_send_parameter(int fd, struct str name, struct str value)
{
	char bytes[RECORD_MAX];
	char *at = bytes;

	if (name.len + value.len + HEADER_SIZE > sizeof bytes)
		tool_fail("a parameter", "is too long");
	at = put_length(at, name.len);
	at = put_length(at, value.len);
	memcpy(at, name.ptr, name.len);
	memcpy(at + name.len, value.ptr, value.len);
	send_record(fd, PARAMS, bytes, HEADER_SIZE + name.len + value.len);
}

static bool
read_all(int fd, void *bytes, size_t len)
{
	unsigned char *next = bytes;

	while (len > 0) {
		const ssize_t got = recv(fd, next, len, 0);

		if (got <= 0)
			return false;
		next += got;
		len -= (size_t)got;
	}
	return true;
}

void
program_print_answer(int fd)
{
	unsigned char header[HEADER_SIZE];
	unsigned char bytes[RECORD_MAX];

	while (read_all(fd, header, sizeof header)) {
		const size_t len = (size_t)header[4] << 8 | header[5];

		if (!read_all(fd, bytes, len))
			break;
		if (header[1] == STDOUT)
			fwrite(bytes, 1, len, stdout);
		if (header[6] > 0 && !read_all(fd, bytes, header[6]))
			break;
	}
	putchar('\n');
	close(fd);
}

int
program_open(const struct program *program)
{
	static const unsigned char begin[HEADER_SIZE] = { 0, RESPONDER };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&program->address,
	        sizeof program->address) < 0)
		tool_fail("connect", strerror(errno));
	send_record(fd, BEGIN_REQUEST, begin, sizeof begin);
	return fd;
}

void
program_send_body(int fd, struct str body)
{
	send_record(fd, PARAMS, NULL, 0);
	if (body.len > 0)
		send_record(fd, STDIN, body.ptr, body.len);
	send_record(fd, STDIN, NULL, 0);
}

void
program_start(struct program *program_r, char **argv)
{
	static int count;
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*program_r = (struct program){ .address.sun_family = AF_UNIX };
	/* A name of its own, in no directory. */
	snprintf(program_r->address.sun_path + 1,
	    sizeof program_r->address.sun_path - 1, "latchkey-bench-%d-%d",
	    (int)getpid(), count++);
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&program_r->address,
	        sizeof program_r->address) < 0 ||
	    listen(fd, BACKLOG) < 0)
		tool_fail("socket", strerror(errno));
	program_r->pid = fork();
	if (program_r->pid < 0)
		tool_fail("fork", strerror(errno));
	if (program_r->pid == 0) {
		/* FastCGI 1.0, 2.2: it listens on descriptor 0. */
		if (dup2(fd, STDIN_FILENO) == STDIN_FILENO)
			execvp(argv[0], argv);
		tool_fail(argv[0], strerror(errno));
	}
	close(fd);
}

int
program_end(const struct program *program)
{
	int status;

	kill(program->pid, SIGTERM);
	if (waitpid(program->pid, &status, 0) != program->pid ||
	    !WIFEXITED(status))
		tool_fail("the program", "died");
	return WEXITSTATUS(status);
}
