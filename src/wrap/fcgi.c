/* FastCGI by libfcgi, plain CGI by standard input and output. */
#include "wrap/fcgi.h"

#include <errno.h>
#include <fastcgi.h>
#include <fcgiapp.h>
#include <sys/socket.h>
#include <sys/time.h>

struct fcgi_exchange {
	FCGX_Request request;
	/* Plain CGI: the one request was taken. */
	bool is_over;
	/* Plain CGI: bytes of the body that were read. */
	int64_t read_len;
};

static bool is_cgi;

static const struct timeval longest_wait = { .tv_sec = 10 };

int
fcgi_start(void)
{
	/*
	 * Without this libfcgi waits up to two seconds for the web server to
	 * close each connection.  We read the whole body first, so there is
	 * nothing left to wait for.
	 */
	if (setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 0) != 0)
		return -1;
	is_cgi = FCGX_IsCGI() != 0;
	if (is_cgi)
		return 1;
	/* On the socket that listens it bounds the wait of accept(2). */
	if (setsockopt(FCGI_LISTENSOCK_FILENO, SOL_SOCKET, SO_RCVTIMEO,
	        &longest_wait, sizeof longest_wait) < 0)
		return -1;
	return FCGX_Init() == 0 ? 1 : -1;
}

bool
fcgi_is_cgi(void)
{
	return is_cgi;
}

int
fcgi_new(struct fcgi_exchange **exchange_r)
{
	struct fcgi_exchange *exchange = calloc(1, sizeof *exchange);

	if (exchange == NULL)
		return -1;
	if (!is_cgi && FCGX_InitRequest(&exchange->request, 0, 0) != 0) {
		free(exchange);
		return -1;
	}
	*exchange_r = exchange;
	return 1;
}

void
fcgi_free(struct fcgi_exchange **exchange)
{
	if (*exchange == NULL)
		return;
	if (!is_cgi)
		FCGX_Free(&(*exchange)->request, 1);
	free(*exchange);
	*exchange = NULL;
}

int
fcgi_accept(struct fcgi_exchange *exchange)
{
	int rc;

	if (is_cgi) {
		const bool was_over = exchange->is_over;

		exchange->is_over = true;
		return was_over ? -1 : 1;
	}
	while ((rc = FCGX_Accept_r(&exchange->request)) == 0) {
		if (FCGX_GetError(exchange->request.in) == 0)
			return 1;
		/*
		 * The parameters broke off, and what is missing may be what
		 * forbids.  Closed without an end: nobody takes it for leave.
		 */
		FCGX_Free(&exchange->request, 1);
	}
	return rc == -EAGAIN ? 0 : -1;
}

bool
fcgi_is_authorizer(const struct fcgi_exchange *exchange)
{
	return !is_cgi && exchange->request.role == FCGI_AUTHORIZER;
}

bool
fcgi_is_single(const struct fcgi_exchange *exchange)
{
	return !is_cgi && !exchange->request.keepConnection;
}

struct str
fcgi_param(const struct fcgi_exchange *exchange, const char *name)
{
	if (is_cgi)
		return str_from(getenv(name));
	return str_from(FCGX_GetParam(name, exchange->request.envp));
}

int64_t
fcgi_read(struct fcgi_exchange *exchange, char *bytes_r, size_t len)
{
	FCGX_Stream *in = exchange->request.in;
	size_t got;

	if (is_cgi) {
		got = fread(bytes_r, 1, len, stdin);
		exchange->read_len += (int64_t)got;
		return ferror(stdin) ? -1 : (int64_t)got;
	}
	got = (size_t)FCGX_GetStr(bytes_r, (int)len, in);
	return FCGX_GetError(in) != 0 ? -1 : (int64_t)got;
}

void
fcgi_drain(struct fcgi_exchange *exchange)
{
	char rest[4096];

	while (FCGX_GetStr(rest, sizeof rest, exchange->request.in) > 0)
		continue;
}

/*
 * What fcgi_drain does, for plain CGI: under Apache's mod_cgid one socket is
 * standard input and output.  A web server need not end what it sends
 * (RFC 3875, 4.2), so no more is read than it has told of.
 */
static void
drain_stdin(int64_t read_len)
{
	const struct str told = str_from(getenv("CONTENT_LENGTH"));
	char rest[4096];
	int64_t len = 0;
	size_t got = sizeof rest;

	if (told.len > 0 && str_to_int64(told, &len) != 1)
		len = 0;
	/* Chunks that nobody counted end where the input does. */
	if (told.len == 0 && getenv("HTTP_TRANSFER_ENCODING") != NULL)
		len = INT64_MAX;
	for (len -= read_len; len > 0 && got > 0; len -= (int64_t)got) {
		const size_t most = sizeof rest;

		got = fread(rest, 1, len < (int64_t)most ? (size_t)len : most,
		    stdin);
	}
}

void
fcgi_answer(struct fcgi_exchange *exchange, struct str bytes)
{
	if (is_cgi) {
		drain_stdin(exchange->read_len);
		/* The reader may have gone: nothing is left to tell. */
		if (fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len)
			fflush(stdout);
		return;
	}
	/*
	 * Closing a connection with unread bytes resets it, and the web server
	 * may lose the answer.  One that waits for leave keeps the body.
	 */
	if (!fcgi_is_authorizer(exchange))
		fcgi_drain(exchange);
	FCGX_PutStr(bytes.ptr, (int)bytes.len, exchange->request.out);
	FCGX_Finish_r(&exchange->request);
}

void
fcgi_stop(void)
{
	if (!is_cgi)
		FCGX_ShutdownPending();
}
