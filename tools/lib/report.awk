# How every check speaks: one line per finding, then exit status 1.
function report(file, line, what, mend) {
	print file ":" line ": " what "; " mend
	finding_n++
}

function report_end(name, summary) {
	printf "%s: %s, %d finding%s\n", name, summary, finding_n, \
	    finding_n == 1 ? "" : "s"
	exit finding_n > 0
}
