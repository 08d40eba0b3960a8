#!/bin/sh
# A CGI script behind the gate.  The web server says who asks, in variables
# that no client can set; where they are missing nobody asked the gate, and the
# script refuses rather than trust that its web server is set up rightly.
if [ -z "$REMOTE_USER" ]; then
	printf 'Status: 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n'
	echo "Nobody asked the gate."
	exit
fi

printf 'Content-Type: text/plain\r\nCache-Control: no-store\r\n\r\n'
printf 'Hello, %s\n' "$REMOTE_USER"
printf 'Your roles: %s\n' "$AUTH_ROLES"
