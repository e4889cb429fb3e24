// Package flow is what a user does, one file each: make a project, open it, add images, read, sign, send, fetch, and the demo that does it all.
//
// It connects packages that do not know each other: ingest finds images, store keeps work, keys sign, sync moves sealed files. It decides the
// order of things and nothing else: no widgets, no pixels, no formats. The command line (app/cli) calls it directly; the window talks to it
// through app/desk, whose House it implements.
//
// A Project is an opened project folder; a Reading is one person's read of one item, with its edit.History wired to the store.
package flow
