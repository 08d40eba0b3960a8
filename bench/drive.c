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
#include "tool.h"

#include "base/str.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
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

static struct sockaddr_un address = { .sun_family = AF_UNIX };

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

static void
send_parameter(int fd, struct str line)
{
	char bytes[RECORD_MAX];
	char *at = bytes;
	struct str name;

	(void)str_cut(&line, '=', &name);
	if (name.len + line.len + HEADER_SIZE > sizeof bytes)
		tool_fail("a parameter", "is too long");
	at = put_length(at, name.len);
	at = put_length(at, line.len);
	memcpy(at, name.ptr, name.len);
	memcpy(at + name.len, line.ptr, line.len);
	send_record(fd, PARAMS, bytes, HEADER_SIZE + name.len + line.len);
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

/* Until the program closes the connection. */
static void
print_answer(int fd)
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
}

static int
open_request(void)
{
	static const unsigned char begin[HEADER_SIZE] = { 0, RESPONDER };
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
		tool_fail("connect", strerror(errno));
	send_record(fd, BEGIN_REQUEST, begin, sizeof begin);
	return fd;
}

static void
close_request(int fd, struct str body)
{
	send_record(fd, PARAMS, NULL, 0);
	if (body.len > 0)
		send_record(fd, STDIN, body.ptr, body.len);
	send_record(fd, STDIN, NULL, 0);
	print_answer(fd);
	close(fd);
}

static void
send_requests(void)
{
	char *text = NULL;
	size_t size = 0;
	ssize_t len;
	int fd = -1;

	while ((len = getline(&text, &size, stdin)) > 0) {
		const struct str line = { text, (size_t)len - 1 };

		if (fd < 0)
			fd = open_request();
		if (str_has_byte(line, '=') && line.ptr[0] != '{') {
			send_parameter(fd, line);
			continue;
		}
		close_request(fd, line);
		fd = -1;
	}
	free(text);
}

static pid_t
start_program(char **argv)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	pid_t pid;

	/* A name of its own, in no directory. */
	snprintf(address.sun_path + 1, sizeof address.sun_path - 1,
	    "latchkey-drive-%d", (int)getpid());
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 ||
	    listen(fd, BACKLOG) < 0)
		tool_fail("socket", strerror(errno));
	pid = fork();
	if (pid < 0)
		tool_fail("fork", strerror(errno));
	if (pid == 0) {
		/* FastCGI 1.0, 2.2: it listens on descriptor 0. */
		if (dup2(fd, STDIN_FILENO) == STDIN_FILENO)
			execvp(argv[0], argv);
		tool_fail(argv[0], strerror(errno));
	}
	close(fd);
	return pid;
}

int
main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc < 2)
		tool_fail("usage", "drive PROGRAM [ARGUMENT...] <REQUESTS");
	pid = start_program(argv + 1);
	send_requests();
	kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		tool_fail(argv[1], "died");
	return WEXITSTATUS(status);
}
