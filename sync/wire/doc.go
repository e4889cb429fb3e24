// Package wire is what a workstation and a server say to each other: requests and answers, receipts, errors, and the files that lie on a
// removable medium when there is no network. WIRE.md beside this code lists them.
//
// Every message is JSON in one spelling, parsed with limits; what is not understood is refused. An error travels as RFC 9457 problem
// details with the project.Kind in it. The package opens no sockets.
//
// Words: a Receipt is the server's signed word that a bundle is in its author's log. A Feed is what has arrived for one person. A Medium
// is a folder on something that is carried; a Courier is the signed index that a workstation puts on it, an Answer the server's.
package wire
