// Package desk says what the window asks of the house, and nothing of how it is done.
//
// The window (package main in app) holds a House. Package app/flow implements it over ingest, store, keys and sync; tests implement it in
// memory. The types here are plain values, so that neither side needs to know the other. There is no Fyne in this package, no file and no key.
//
// Every method that takes a context may be slow and is called off the interface thread. All other methods return at once. Callbacks come from
// any goroutine. Errors carry a project.Kind where the window decides on it, and a text fit to be shown: what happened, what it means for the
// work, what to do; no patient data and no file names.
//
// Words: a House is one installation with the vault of one person; a Desk is a project opened by that person; a Case is a study laid out to be
// looked at or read; a Read is the reader's own pass over it.
package desk
