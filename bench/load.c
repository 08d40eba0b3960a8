/*
 * Load over HTTP/1.1 with connections that stay open, from one thread.
 *
 * usage: load PORT CONNECTIONS MILLISECONDS [chain] <LINES
 *
 * Each line of standard input is a request: METHOD PATH TOKEN BODY, separated
 * by single spaces, - for no token or no body.  Every connection begins at
 * another line and goes round; with "chain" its line is a login, or a refresh
 * token that it has already, and from then on it refreshes with the token that
 * came with the last answer.  Prints one JSON object (latency.h).
 */
#include "latency.h"
#include "tool.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	REQUEST_MAX = 16 * 1024,
	HEADERS_MAX = 128,
	ANSWER_MAX = 256 * 1024,
	CONNECTIONS_MAX = 1024,
	EVENTS = 64,
	/* Not counted: what is opened on demand has been opened then. */
	WARM_UP_US = 300000,
	/* A server that says nothing for so long has failed. */
	PATIENCE_MS = 20000,
};

static const char refresh_name[] = "\"refreshToken\":\"";

struct connection {
	int fd;
	size_t line;
	int64_t began_us;
	char out[REQUEST_MAX];
	size_t out_len;
	char in[ANSWER_MAX];
	size_t got;
	/* Has logged in and waits for the others. */
	bool is_ready;
};

static struct {
	in_port_t port;
	size_t count;
	int64_t duration_us;
	bool is_chain;
	struct str *lines;
	size_t line_count;
	struct connection *connections;
	size_t ready;
	int64_t counts_from_us;
	int64_t until_us;
	struct latency latency;
	int poller;
} load;

static void
read_lines(void)
{
	size_t cap = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while ((len = getline(&line, &size, stdin)) > 0) {
		if (load.line_count == cap) {
			cap = cap == 0 ? EVENTS : cap * 2;
			load.lines =
			    reallocarray(load.lines, cap, sizeof(struct str));
		}
		if (load.lines == NULL)
			tool_fail("lines", "out of memory");
		if (line[len - 1] == '\n')
			len--;
		load.lines[load.line_count++] =
		    (struct str){ line, (size_t)len };
		/* It stays; the next one gets memory of its own. */
		line = NULL;
		size = 0;
	}
	free(line);
	if (load.line_count == 0)
		tool_fail("standard input", "holds no requests");
}

static void
open_connection(struct connection *c)
{
	const int one = 1;
	const struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(load.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (const struct sockaddr *)&address, sizeof address) <
	        0 ||
	    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) < 0 ||
	    epoll_ctl(load.poller, EPOLL_CTL_ADD, c->fd, &event) < 0)
		tool_fail("connect", strerror(errno));
}

static void
send_out(struct connection *c)
{
	/* A server ends a connection after so many requests, and says so. */
	if (strcasestr(c->in, "\r\nConnection: close\r\n") != NULL) {
		close(c->fd);
		open_connection(c);
	}
	c->began_us = tool_now_us();
	c->got = 0;
	/* It fits into the socket's buffer: nothing else is under way. */
	if (send(c->fd, c->out, c->out_len, MSG_NOSIGNAL) !=
	    (ssize_t)c->out_len)
		tool_fail("send", strerror(errno));
}

static void
write_request(struct connection *c, struct str line)
{
	static const struct str none = STR_INIT("-");
	char auth[REQUEST_MAX / 2] = "";
	char type[HEADERS_MAX] = "";
	struct str method;
	struct str path;
	struct str token;
	int len;

	if (!str_cut(&line, ' ', &method) || !str_cut(&line, ' ', &path) ||
	    !str_cut(&line, ' ', &token))
		tool_fail("a line", "is not METHOD PATH TOKEN BODY");
	if (str_equal(line, none))
		line.len = 0;
	else
		snprintf(type, sizeof type,
		    "Content-Type: application/json\r\n"
		    "Content-Length: %zu\r\n",
		    line.len);
	if (!str_equal(token, none))
		snprintf(auth, sizeof auth, "Authorization: Bearer %.*s\r\n",
		    STR_ARG(token));
	len = snprintf(c->out, sizeof c->out,
	    "%.*s %.*s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n%.*s",
	    STR_ARG(method), STR_ARG(path), auth, type, STR_ARG(line));
	if (len < 0 || (size_t)len >= sizeof c->out)
		tool_fail("a request", "is too long");
	c->out_len = (size_t)len;
}

static void
send_next_line(struct connection *c)
{
	write_request(c, load.lines[c->line % load.line_count]);
	c->line += load.count;
	send_out(c);
}

/* The refresh with the token of the last answer. */
static void
send_refresh(struct connection *c)
{
	const char *token = strstr(c->in, refresh_name);
	struct str rest;
	struct str text;
	char line[REQUEST_MAX / 2];

	if (token == NULL)
		tool_fail("an answer without a refresh token", c->in);
	rest = str_from(token + sizeof refresh_name - 1);
	(void)str_cut(&rest, '"', &text);
	snprintf(line, sizeof line,
	    "POST /api/auth/refresh - {\"refreshToken\":\"%.*s\"}",
	    STR_ARG(text));
	write_request(c, str_from(line));
	send_out(c);
}

static void
start_clock(void)
{
	load.counts_from_us = tool_now_us() + WARM_UP_US;
	load.until_us = load.counts_from_us + load.duration_us;
}

/* The last that has logged in sets all of them going. */
static void
wait_for_others(struct connection *c)
{
	c->is_ready = true;
	if (++load.ready < load.count)
		return;
	start_clock();
	for (size_t i = 0; i < load.count; i++)
		send_refresh(&load.connections[i]);
}

static void
note_answer(struct connection *c, int64_t now_us)
{
	const char *status = strchr(c->in, ' ');

	if (status == NULL || status[1] != '2')
		tool_fail("refused", c->in);
	if (load.until_us > 0 && now_us >= load.counts_from_us)
		latency_add(&load.latency, now_us - c->began_us);
	else
		latency_skip(&load.latency);
}

static void
take_answer(struct connection *c)
{
	const int64_t now_us = tool_now_us();

	note_answer(c, now_us);
	if (load.until_us > 0 && now_us >= load.until_us)
		return;
	if (!load.is_chain)
		send_next_line(c);
	else if (!c->is_ready)
		wait_for_others(c);
	else
		send_refresh(c);
}

/* Whether head and body are there; every answer of ours tells its length. */
static bool
is_whole(const struct connection *c)
{
	static const char name[] = "\r\nContent-Length: ";
	const char *end = strstr(c->in, "\r\n\r\n");
	const char *length = strcasestr(c->in, name);
	struct str rest;
	struct str digits;
	int64_t body = 0;

	if (end == NULL)
		return false;
	if (length != NULL && length < end) {
		rest = str_from(length + sizeof name - 1);
		(void)str_cut(&rest, '\r', &digits);
		if (str_to_int64(digits, &body) != 1)
			tool_fail("an answer of no length", c->in);
	}
	return c->got >=
	    (size_t)(end - c->in) + strlen("\r\n\r\n") + (size_t)body;
}

static void
on_readable(struct connection *c)
{
	const ssize_t got =
	    recv(c->fd, c->in + c->got, sizeof c->in - 1 - c->got, 0);

	if (got <= 0)
		tool_fail("the server closed a connection", strerror(errno));
	c->got += (size_t)got;
	c->in[c->got] = '\0';
	if (is_whole(c))
		take_answer(c);
}

static void
run(void)
{
	struct epoll_event events[EVENTS];

	while (load.until_us == 0 || tool_now_us() < load.until_us) {
		const int count =
		    epoll_wait(load.poller, events, EVENTS, PATIENCE_MS);

		if (count <= 0)
			tool_fail("the server is silent", strerror(errno));
		for (int i = 0; i < count; i++)
			on_readable(events[i].data.ptr);
	}
}

static void
open_one(size_t number)
{
	struct connection *c = &load.connections[number];

	c->line = number;
	open_connection(c);
}

static void
open_all(void)
{
	load.poller = epoll_create1(EPOLL_CLOEXEC);
	load.connections = calloc(load.count, sizeof *load.connections);
	if (load.poller < 0 || load.connections == NULL)
		tool_fail("start", strerror(errno));
	for (size_t i = 0; i < load.count; i++)
		open_one(i);
}

int
main(int argc, char **argv)
{
	load.is_chain = argc == 5 && strcmp(argv[4], "chain") == 0;
	if (argc != 4 && !load.is_chain)
		tool_fail("usage",
		    "load PORT CONNECTIONS MILLISECONDS [chain] <LINES");
	load.port = (in_port_t)tool_number(argv[1], 1, UINT16_MAX);
	load.count = (size_t)tool_number(argv[2], 1, CONNECTIONS_MAX);
	load.duration_us = tool_number(argv[3], 1, INT32_MAX) * US_PER_MS;
	read_lines();
	open_all();
	if (!load.is_chain)
		start_clock();
	for (size_t i = 0; i < load.count; i++)
		send_next_line(&load.connections[i]);
	run();
	latency_print(&load.latency, load.duration_us);
	return EXIT_SUCCESS;
}
