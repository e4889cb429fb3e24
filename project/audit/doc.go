// Package audit is the log of who did what to which object, when: a Merkle tree (RFC 6962, by golang.org/x/mod/sumdb/tlog) over event records,
// and checkpoints, which are signed notes (golang.org/x/mod/sumdb/note) of the tree's size and root.
//
// Removing, changing or reordering events is detectable from any later signed checkpoint. A cut tail is detectable by whoever holds a newer
// checkpoint than the log shows, which is why bundles quote the newest.
//
// A Log keeps nothing itself: it reads and writes through Storage, which the caller implements inside its own transaction, so that a change and
// its event are one write. The workstation's store and the server's per-author logs both do.
package audit
