// Package synctest runs clients and a server in one process, on loopback, with faults on demand: connections that break after so many bytes,
// latency, a server that is killed between two steps and started again. Suite is what every way between workstation and server has to
// pass; a new Transport adds one line.
package synctest
